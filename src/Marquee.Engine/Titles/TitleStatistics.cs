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
    private Neighbour[] _strongest = [];
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
            HasNewNeighbours = true;
            AddNeighbour(neighbour);
        }

        _shares[partition] = new Share(delta.ToVersion, delta.Positives, delta.Verdicts, delta.Popularity, delta.Countries, delta.FirstEventAt, delta.LastEventAt);
        return true;
    }

    /// <summary>Whether the strongest neighbours may have changed since they were last chosen.</summary>
    public bool HasNewNeighbours { get; private set; }

    /// <summary>What ranking needs to know.</summary>
    /// <param name="mostNeighbours">How many of the strongest neighbours, by transitions and by co-watches each.</param>
    public TitleSummary Summarise(int mostNeighbours)
    {
        _strongest = Strongest(mostNeighbours);
        HasNewNeighbours = false;
        return SummariseWithOldNeighbours();
    }

    /// <summary>The same with the neighbours that were chosen last: they are what costs most.</summary>
    public TitleSummary SummariseWithOldNeighbours()
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
            Neighbours = _strongest,
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

    /// <summary>The strongest by transitions and the strongest by co-watches, ordered by transitions, then co-watches, then id.</summary>
    private Neighbour[] Strongest(int most)
    {
        if (most == 0)
        {
            return [];
        }

        var all = new Neighbour[_neighbours.Count];
        var keys = new ulong[all.Length];
        var i = 0;
        foreach (var (title, weights) in _neighbours)
        {
            all[i++] = new Neighbour(title, weights.Transition, weights.CoWatch);
        }

        if (all.Length > most)
        {
            Sort(all, keys, static neighbour => Key(neighbour.CoWatch, neighbour.Transition));
            var together = all.AsSpan(0, most).ToArray();
            Sort(all, keys, static neighbour => Key(neighbour.Transition, neighbour.CoWatch));
            var kept = new HashSet<Neighbour>(together);
            kept.UnionWith(all.Take(most));
            all = [.. kept];
            keys = new ulong[all.Length];
        }

        Sort(all, keys, static neighbour => Key(neighbour.Transition, neighbour.CoWatch));
        return all;
    }

    /// <summary>Sorts by key, equal keys by id. Sorting numbers and mending ties is several times faster than comparing records.</summary>
    private static void Sort(Neighbour[] neighbours, ulong[] keys, Func<Neighbour, ulong> keyOf)
    {
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = keyOf(neighbours[i]);
        }

        Array.Sort(keys, neighbours);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                neighbours.AsSpan(start, end - start).Sort(static (a, b) => string.CompareOrdinal(a.TitleId, b.TitleId));
            }

            start = end;
        }
    }

    /// <summary>Ascending keys are descending weights; 36 bits for the first and 28 for the second, beyond which weights tie.</summary>
    private static ulong Key(long first, long second) =>
        ulong.MaxValue - ((ulong)Math.Clamp(first, 0, (1L << 36) - 1) << 28) - (ulong)Math.Clamp(second, 0, (1L << 28) - 1);

    private readonly record struct Share(
        long Version,
        long Positives,
        long Verdicts,
        DecayedPopularity Popularity,
        KeyValuePair<string, DecayedPopularity>[] Countries,
        long FirstEventAt,
        long LastEventAt);
}
