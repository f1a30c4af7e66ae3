using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;
using Marquee.Grains.Catalogue;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Marquee.Grains.Titles;

/// <summary>One title's live state: the sum of what all partitions' folds hold of it. Holds nothing that cannot be asked for again.</summary>
[Reentrant, GrainType("title")]
internal sealed class TitleGrain(TitleReader partitions, CatalogueFeedPublisher feed, IOptions<MarqueeOptions> options, TimeProvider time) : Grain, ITitleGrain
{
    private static readonly TimeSpan NeighbourInterval = TimeSpan.FromSeconds(2);

    private string _tenant = string.Empty;
    private string _titleId = string.Empty;
    private TitleStatistics _statistics = new();
    private Task? _reading;
    private Task? _publishing;
    private IGrainTimer? _followUp;
    private long _neighboursChosenAt;
    private long _oldestCommit;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _titleId) = GrainKeys.Parse(this.GetPrimaryKeyString());
        return Task.CompletedTask;
    }

    public async Task Apply(TitleDeltaMessage delta)
    {
        await (_reading ??= ReadAll());
        while (!_statistics.TryApply(delta.Partition, delta.ToEngine()))
        {
            await Reread();
        }

        if (delta.CommittedAt > 0 && (_oldestCommit == 0 || delta.CommittedAt < _oldestCommit))
        {
            _oldestCommit = delta.CommittedAt;
        }

        await (_publishing ??= Publish());
    }

    public async Task<TitleStatisticsMessage> GetStatistics()
    {
        await (_reading ??= ReadAll());
        return _statistics.SummariseWithOldNeighbours().ToMessage();
    }

    private async Task Reread()
    {
        _reading = ReadAll();
        await _reading;
    }

    private async Task ReadAll()
    {
        try
        {
            var statistics = new TitleStatistics();
            foreach (var absolute in await partitions.Read(_tenant, _titleId))
            {
                if (absolute.ToVersion > 0)
                {
                    statistics.TryApply(absolute.Partition, absolute.ToEngine());
                }
            }

            _statistics = statistics;
        }
        catch
        {
            _reading = null;
            throw;
        }
    }

    /// <summary>The strongest neighbours are chosen anew at most every two seconds; a row with old ones is followed by another.</summary>
    private bool IsTimeForNeighbours()
    {
        if (!_statistics.HasNewNeighbours)
        {
            return false;
        }

        if (_neighboursChosenAt == 0 || time.GetElapsedTime(_neighboursChosenAt) >= NeighbourInterval)
        {
            _neighboursChosenAt = time.GetTimestamp();
            return true;
        }

        _followUp ??= this.RegisterGrainTimer(
            PublishNeighbours, new GrainTimerCreationOptions(NeighbourInterval, Timeout.InfiniteTimeSpan) { Interleave = true });
        return false;
    }

    private async Task PublishNeighbours()
    {
        _followUp?.Dispose();
        _followUp = null;
        await (_publishing ??= Publish());
    }

    /// <summary>Publishes one row for everything that arrives until the feed's next turn.</summary>
    private async Task Publish()
    {
        try
        {
            await feed.NextTurn;
        }
        finally
        {
            // Whatever arrives from here on belongs to the next row.
            _publishing = null;
        }

        var committedAt = _oldestCommit;
        _oldestCommit = 0;
        var summary = IsTimeForNeighbours() ? _statistics.Summarise(options.Value.NeighboursPerRow) : _statistics.SummariseWithOldNeighbours();
        await feed.Publish(_tenant, new()
        {
            TitleId = _titleId,
            EventCount = summary.EventCount,
            Summary = summary.ToBytes(),
            CommittedAt = committedAt,
        });
    }
}
