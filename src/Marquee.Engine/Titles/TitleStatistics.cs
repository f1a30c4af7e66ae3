using System.Runtime.InteropServices;

namespace Marquee.Engine.Titles;

/// <summary>One title's statistics summed over all partitions; what its grain holds.</summary>
/// <remarks>
/// Integers (counts, neighbours) are summed as they come: exact in any order. Popularity is kept per partition and
/// summed in partition order when asked for, so that the same log gives the same bits whatever the order of messages.
/// </remarks>
public sealed class TitleStatistics
{
    private readonly long[] _counts = new long[TitleDelta.Types];
    private readonly SortedDictionary<int, Share> _shares = [];
    private readonly Dictionary<string, (long Transition, long CoWatch)> _neighbours = new(StringComparer.Ordinal);

    /// <summary>int64[<see cref="TitleDelta.Types"/>]: events per type since the title exists.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>All events since the title exists.</summary>
    public long EventCount { get; private set; }

    /// <summary>The version of a partition's share that is summed in; 0 when none is.</summary>
    public long VersionOf(int partition) => _shares.TryGetValue(partition, out var share) ? share.Version : 0;

    /// <summary>Sums a delta in.</summary>
    /// <returns>False when the delta does not continue what is here: start anew from absolute deltas of all partitions.</returns>
    public bool TryApply(int partition, TitleDelta delta)
    {
        var version = VersionOf(partition);
        if (delta.ToVersion <= version)
        {
            return true;
        }

        if (delta.FromVersion != version)
        {
            return false;
        }

        for (var i = 0; i < _counts.Length && i < delta.Counts.Length; i++)
        {
            _counts[i] += delta.Counts[i];
            EventCount += delta.Counts[i];
        }

        foreach (var neighbour in delta.Neighbours)
        {
            AddNeighbour(neighbour);
        }

        _shares[partition] = new Share(delta.ToVersion, delta.Positives, delta.Verdicts, delta.Popularity, delta.Countries, delta.FirstEventAt, delta.LastEventAt);
        return true;
    }

    /// <summary>What ranking needs to know.</summary>
    /// <param name="mostNeighbours">How many of the strongest neighbours, by transitions and by co-watches each.</param>
    public TitleSummary Summarise(int mostNeighbours)
    {
        var popularity = default(DecayedPopularity);
        var countries = new SortedDictionary<string, DecayedPopularity>(StringComparer.Ordinal);
        long first = 0;
        long last = 0;
        long positives = 0;
        long verdicts = 0;
        foreach (var share in _shares.Values)
        {
            popularity += share.Popularity;
            positives += share.Positives;
            verdicts += share.Verdicts;
            first = first == 0 ? share.FirstEventAt : Math.Min(first, share.FirstEventAt);
            last = Math.Max(last, share.LastEventAt);
            foreach (var (country, part) in share.Countries)
            {
                countries[country] = countries.TryGetValue(country, out var sum) ? sum + part : part;
            }
        }

        return new TitleSummary
        {
            Counts = [.. _counts],
            EventCount = EventCount,
            Positives = positives,
            Verdicts = verdicts,
            Popularity = popularity,
            Countries = [.. countries],
            Neighbours = Strongest(mostNeighbours),
            FirstEventAt = first,
            LastEventAt = last,
        };
    }

    private void AddNeighbour(in Neighbour neighbour)
    {
        ref var weights = ref CollectionsMarshal.GetValueRefOrAddDefault(_neighbours, neighbour.TitleId, out _);
        weights.Transition += neighbour.Transition;
        weights.CoWatch += neighbour.CoWatch;
        if (weights is { Transition: 0, CoWatch: 0 })
        {
            _neighbours.Remove(neighbour.TitleId);
        }
    }

    /// <summary>The union of the <paramref name="most"/> best by transitions and by co-watches, best transitions first.</summary>
    private Neighbour[] Strongest(int most)
    {
        if (most == 0)
        {
            return [];
        }

        var byTransition = new PriorityQueue<Neighbour, Neighbour>(most + 1, Comparer<Neighbour>.Create(static (a, b) => ByTransition(b, a)));
        var byCoWatch = new PriorityQueue<Neighbour, Neighbour>(most + 1, Comparer<Neighbour>.Create(static (a, b) => ByCoWatch(b, a)));
        foreach (var (title, weights) in _neighbours)
        {
            var neighbour = new Neighbour(title, weights.Transition, weights.CoWatch);
            Keep(byTransition, neighbour, most, ByTransition);
            Keep(byCoWatch, neighbour, most, ByCoWatch);
        }

        var strongest = new List<Neighbour>(byTransition.Count + byCoWatch.Count);
        var weakestTransition = byTransition.Count == most ? byTransition.Peek() : default(Neighbour?);
        strongest.AddRange(byTransition.UnorderedItems.Select(static item => item.Element));
        foreach (var (neighbour, _) in byCoWatch.UnorderedItems)
        {
            // Whatever is at least as strong as the weakest one kept by transitions is there already.
            if (weakestTransition is { } weakest && ByTransition(neighbour, weakest) > 0)
            {
                strongest.Add(neighbour);
            }
        }

        strongest.Sort(ByTransition);
        return [.. strongest];
    }

    private static void Keep(PriorityQueue<Neighbour, Neighbour> kept, in Neighbour neighbour, int most, Comparison<Neighbour> order)
    {
        if (kept.Count < most)
        {
            kept.Enqueue(neighbour, neighbour);
        }
        else if (order(neighbour, kept.Peek()) < 0)
        {
            kept.EnqueueDequeue(neighbour, neighbour);
        }
    }

    private static int ByTransition(Neighbour a, Neighbour b) => Compare(b.Transition, a.Transition, b.CoWatch, a.CoWatch, a, b);

    private static int ByCoWatch(Neighbour a, Neighbour b) => Compare(b.CoWatch, a.CoWatch, b.Transition, a.Transition, a, b);

    private static int Compare(long first, long second, long third, long fourth, in Neighbour a, in Neighbour b)
    {
        var order = first.CompareTo(second);
        order = order != 0 ? order : third.CompareTo(fourth);
        return order != 0 ? order : string.CompareOrdinal(a.TitleId, b.TitleId);
    }

    private readonly record struct Share(
        long Version,
        long Positives,
        long Verdicts,
        DecayedPopularity Popularity,
        KeyValuePair<string, DecayedPopularity>[] Countries,
        long FirstEventAt,
        long LastEventAt);
}
