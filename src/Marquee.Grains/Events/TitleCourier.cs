using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Titles;
using Marquee.Grains.Titles;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>
/// Carries what this silo's partitions hold of changed titles to the silos that the titles are on, where their grains take it
/// over and the catalogue feed is told: one call per silo and tenant in each round, however many partitions and events there were.
/// </summary>
/// <remarks>
/// Rounds follow one another, and the next one gathers while a round is under way: the longer a round takes, the more
/// changes the next one carries together. That is the whole back-pressure of this path: each partition waits for its round.
/// </remarks>
internal sealed class TitleCourier(TitlePublisher publisher, TimeProvider time, ILogger<TitleCourier> logger, ITitleSilos? others = null)
{
    private const int MostTitlesPerCall = 1_024;

    /// <summary>
    /// Rounds begin when the wall clock shows a multiple of it, at all silos: what they bring one silo of one title arrives at
    /// about the same time, and is taken over and handed on together. Where clocks differ it is merely not together. Slower
    /// among several silos: there each beat costs calls from every silo to every other.
    /// </summary>
    private readonly TimeSpan _beatInterval = TimeSpan.FromMilliseconds(others is null ? 100 : 200);

    /// <summary>How long a round is open, so that the partitions have handed over what they hold at the beat.</summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private Round _gathering = new();
    private TaskCompletionSource? _beat;
    private bool _isRunning;

    /// <summary>Completes when the next round begins: what is handed over then is carried at once, and holds all until then.</summary>
    public Task NextBeat()
    {
        lock (_lock)
        {
            _beat ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Start();
            return _beat.Task;
        }
    }

    /// <summary>Hands shares over.</summary>
    public Task<CarriedTitles> Carry(string tenant, IEnumerable<(string TitleId, TitleShareMessage Share)> shares)
    {
        lock (_lock)
        {
            _gathering.Add(tenant, shares);
            Start();
            return _gathering.OutcomeOf(tenant);
        }
    }

    private void Start()
    {
        if (!_isRunning)
        {
            _isRunning = true;
            _ = Task.Run(RunAll);
        }
    }

    private async Task RunAll()
    {
        while (true)
        {
            await Task.Delay(UntilNextBeat(), time);
            lock (_lock)
            {
                _beat?.SetResult();
                _beat = null;
            }

            await Task.Delay(Gathering, time);
            Round round;
            lock (_lock)
            {
                if (_gathering.IsEmpty && _beat is null)
                {
                    _isRunning = false;
                    return;
                }

                (round, _gathering) = (_gathering, new Round());
            }

            foreach (var (tenant, parcel) in round.Parcels)
            {
                await Carry(tenant, parcel);
            }
        }
    }

    private TimeSpan UntilNextBeat() => _beatInterval - TimeSpan.FromTicks(time.GetUtcNow().Ticks % _beatInterval.Ticks);

    /// <summary>Never throws: without an answer to this round there would be no next one.</summary>
    private async Task Carry(string tenant, Parcel parcel)
    {
        try
        {
            parcel.Outcome.SetResult(await CarryAll(tenant, parcel));
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "{Count} titles that changed could not be told; trying again", parcel.Titles.Count);
            parcel.Outcome.SetResult(new CarriedTitles(parcel.Titles.Keys.ToHashSet(StringComparer.Ordinal), new HashSet<long>()));
        }
    }

    private async Task<CarriedTitles> CarryAll(string tenant, Parcel parcel)
    {
        var bySilo = parcel.Titles.GroupBy(title => others?.FindOther(tenant, title.Key), title => new TitleChangeMessage(title.Key, [.. title.Value]));
        var answers = (await Task.WhenAll(bySilo.Select(titles => CarryTo(titles.Key, tenant, titles)))).SelectMany(published => published).ToArray();
        return new CarriedTitles(
            answers.SelectMany(published => published.Missed).ToHashSet(StringComparer.Ordinal),
            answers.Select(published => published.Feed).Where(feed => feed != 0).ToHashSet());
    }

    private async Task<List<TitlesPublished>> CarryTo(SiloAddress? silo, string tenant, IEnumerable<TitleChangeMessage> titles)
    {
        var answers = new List<TitlesPublished>();
        foreach (var changes in titles.Chunk(MostTitlesPerCall))
        {
            answers.Add(await Publish(silo, tenant, ImmutableCollectionsMarshal.AsImmutableArray(changes)));
        }

        return answers;
    }

    private async Task<TitlesPublished> Publish(SiloAddress? silo, string tenant, ImmutableArray<TitleChangeMessage> changes)
    {
        try
        {
            return await (silo is null ? publisher.Publish(tenant, changes) : others!.Publish(silo, tenant, changes));
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "{Count} titles that changed could not be told {Silo}; trying again", changes.Length, silo);
            return new TitlesPublished([.. changes.Select(change => change.TitleId)], Feed: 0);
        }
    }

    /// <summary>What is carried for one tenant in one round.</summary>
    private sealed class Parcel
    {
        public Dictionary<string, List<TitleShareMessage>> Titles { get; } = new(StringComparer.Ordinal);

        public TaskCompletionSource<CarriedTitles> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class Round
    {
        public Dictionary<string, Parcel> Parcels { get; } = new(StringComparer.Ordinal);

        public bool IsEmpty => Parcels.Count == 0;

        public Task<CarriedTitles> OutcomeOf(string tenant) => Parcels[tenant].Outcome.Task;

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

/// <summary>What became of a round.</summary>
/// <param name="Missed">Titles that were not handed over, because their grain, its silo or the feed did not answer.</param>
/// <param name="Feeds">The activations of the catalogue feed that were told; more than one while silos differ about which is the living one.</param>
internal sealed record CarriedTitles(IReadOnlySet<string> Missed, IReadOnlySet<long> Feeds);
