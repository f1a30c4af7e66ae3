using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;
using Marquee.Grains.Events;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Marquee.Grains.Titles;

/// <summary>One title's live state: the sum of what all partitions' folds hold of it. Holds nothing that cannot be asked for again.</summary>
[Reentrant, Immovable, KnowsPackedForms, GrainType(TypeName)]
internal sealed class TitleGrain(TitleReader partitions, LocalTitles local, IOptions<MarqueeOptions> options, TimeProvider time) : Grain, ITitleGrain
{
    /// <summary>The grain's type.</summary>
    public static readonly GrainType Type = GrainType.Create(TypeName);

    private const string TypeName = "title";

    private static readonly TimeSpan LongestUnkept = TimeSpan.FromMinutes(10);

    private readonly TitleStatistics _statistics = new();
    private string _tenant = string.Empty;
    private string _titleId = string.Empty;
    private int _place;
    private Task? _reading;
    private bool _isEnding;
    private long _keptAt = time.GetTimestamp();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _titleId) = GrainKeys.Parse(this.GetPrimaryKeyString());
        _place = PartitionHash.Of(_tenant, _titleId, options.Value.PartitionCount);
        local.Add(_place, GrainContext);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(_place, GrainContext);
        _isEnding = true;
        return Task.CompletedTask;
    }

    public async Task<TitleRowMessage> Apply(ImmutableArray<TitleShareMessage> shares)
    {
        await Read();
        return TakeOver(shares);
    }

    /// <summary>Does what <see cref="Apply"/> does, where nothing has to be asked for. One turn of the grain.</summary>
    /// <returns>Null when the partitions have not been asked yet, or when the next activation takes over: a call does that.</returns>
    internal TitleRowMessage? TryApply(ImmutableArray<TitleShareMessage> shares)
    {
        if (_isEnding || _reading is not { IsCompletedSuccessfully: true })
        {
            return null;
        }

        // The runtime counts calls as use, turns not.
        if (time.GetElapsedTime(_keptAt) > LongestUnkept)
        {
            _keptAt = time.GetTimestamp();
            DelayDeactivation(2 * LongestUnkept);
        }

        return TakeOver(shares);
    }

    public async Task<TitleStatisticsMessage> GetStatistics()
    {
        await Read();
        return _statistics.Sum().ToStatistics();
    }

    /// <summary>Asks all partitions, once in the life of this activation; afterwards they tell by themselves.</summary>
    private async Task Read()
    {
        await (_reading is { IsFaulted: false, IsCanceled: false } ? _reading : _reading = ReadAll());

        // One finished task for all titles, instead of one for each as long as it is up.
        _reading = Task.CompletedTask;
    }

    private async Task ReadAll()
    {
        var shares = await partitions.Read(_tenant, _titleId);
        _statistics.Reserve(shares.Length);
        Take(shares);
    }

    private TitleRowMessage TakeOver(ImmutableArray<TitleShareMessage> shares)
    {
        Take(shares);
        return new TitleRowMessage
        {
            TitleId = _titleId,
            Totals = _statistics.Sum().ToTotals(),
            CommittedAt = shares.Min(share => share.CommittedAt),
        };
    }

    private void Take(IEnumerable<TitleShareMessage> shares)
    {
        foreach (var share in shares)
        {
            if (share.Version > _statistics.VersionOf(share.Partition))
            {
                _statistics.Take(share.Partition, share.Version, share.Totals.ToEngine());
            }
        }
    }
}
