using Marquee.Contracts;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>
/// Carries what this silo's partitions hold of changed titles to the titles' grains, and their rows to the catalogue feed:
/// one call per title and one per tenant in each round, however many partitions and events there were.
/// </summary>
/// <remarks>
/// Rounds follow one another, and the next one gathers while a round is under way: the longer a round takes, the more
/// changes the next one carries together. That is the whole back-pressure of this path: each partition waits for its round.
/// </remarks>
internal sealed class TitleCourier(IGrainFactory grains, GrainReferences<ITitleGrain> titles, TimeProvider time, ILogger<TitleCourier> logger)
{
    private const int MostCallsAtOnce = 1_024;
    private static readonly TimeSpan ShortestGathering = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(150);

    private readonly Lock _lock = new();
    private Round _gathering = new();
    private bool _isRunning;

    /// <summary>Hands shares over; answers with the titles that could not be, because their grain or the feed did not answer.</summary>
    public Task<IReadOnlySet<string>> Carry(string tenant, IEnumerable<(string TitleId, TitleShareMessage Share)> shares)
    {
        lock (_lock)
        {
            _gathering.Add(tenant, shares);
            if (!_isRunning)
            {
                _isRunning = true;
                _ = Task.Run(RunAll);
            }

            return _gathering.OutcomeOf(tenant);
        }
    }

    private async Task RunAll()
    {
        var gathering = ShortestGathering;
        while (true)
        {
            await Task.Delay(gathering, time);
            Round round;
            lock (_lock)
            {
                if (_gathering.IsEmpty)
                {
                    _isRunning = false;
                    return;
                }

                (round, _gathering) = (_gathering, new Round());
            }

            var started = time.GetTimestamp();
            foreach (var (tenant, parcel) in round.Parcels)
            {
                await Carry(tenant, parcel);
            }

            // As long as it took: the carrying then takes at most half of the time.
            gathering = Limit(time.GetElapsedTime(started));
        }
    }

    private async Task Carry(string tenant, Parcel parcel)
    {
        var failed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in parcel.Titles.Chunk(MostCallsAtOnce))
        {
            var rows = await Task.WhenAll(chunk.Select(title => Apply(tenant, title.Key, title.Value)));
            try
            {
                await grains.GetGrain<ICatalogueFeedGrain>(tenant).Publish([.. rows.OfType<TitleRowMessage>()]);
                failed.UnionWith(chunk.Where((_, i) => rows[i] is null).Select(title => title.Key));
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "The catalogue feed of {Tenant} did not take over {Count} rows; trying again", tenant, chunk.Length);
                failed.UnionWith(chunk.Select(title => title.Key));
            }
        }

        parcel.Outcome.SetResult(failed);
    }

    private async Task<TitleRowMessage?> Apply(string tenant, string titleId, List<TitleShareMessage> shares)
    {
        try
        {
            return await titles.Of(GrainKeys.Of(tenant, titleId)).Apply([.. shares]);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Title {Title} did not take over what changed; trying again", titleId);
            return null;
        }
    }

    private static TimeSpan Limit(TimeSpan gathering) =>
        gathering < ShortestGathering ? ShortestGathering : gathering > LongestGathering ? LongestGathering : gathering;

    /// <summary>What is carried for one tenant in one round.</summary>
    private sealed class Parcel
    {
        public Dictionary<string, List<TitleShareMessage>> Titles { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource<IReadOnlySet<string>> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Round
    {
        public Dictionary<string, Parcel> Parcels { get; } = new(StringComparer.Ordinal);

        public bool IsEmpty => Parcels.Count == 0;

        public Task<IReadOnlySet<string>> OutcomeOf(string tenant) => Parcels[tenant].Outcome.Task;

        public void Add(string tenant, IEnumerable<(string TitleId, TitleShareMessage Share)> shares)
        {
            if (!Parcels.TryGetValue(tenant, out var parcel))
            {
                Parcels.Add(tenant, parcel = new Parcel());
            }

            foreach (var (titleId, share) in shares)
            {
                if (!parcel.Titles.TryGetValue(titleId, out var all))
                {
                    parcel.Titles.Add(titleId, all = []);
                }

                all.Add(share);
            }
        }
    }
}
