namespace Marquee.Engine.Titles;

/// <summary>One title's engagement as its partitions tell it: the newest share of each, and their sum.</summary>
/// <remarks>
/// Shares are absolute: one that is lost, repeated or late changes nothing in the end. They are summed in the order of the
/// partitions, so that the same log gives the same bits of popularity whatever the order of messages.
/// </remarks>
public sealed class TitleStatistics
{
    private int[] _partitions = [];
    private long[] _versions = [];
    private TitleSummary[] _shares = [];

    /// <summary>The version of a partition's share; 0 when there is none.</summary>
    public long VersionOf(int partition) => Array.BinarySearch(_partitions, partition) is >= 0 and var slot ? _versions[slot] : 0;

    /// <summary>Takes a partition's share over, unless a newer one is here.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="version">Its version: one more than the offset of the last event in it.</param>
    /// <param name="share">Everything that the partition holds of the title.</param>
    /// <returns>Whether it was news.</returns>
    public bool Take(int partition, long version, TitleSummary share)
    {
        var slot = Array.BinarySearch(_partitions, partition);
        if (slot < 0)
        {
            slot = ~slot;
            _partitions = [.. _partitions.AsSpan(0, slot), partition, .. _partitions.AsSpan(slot)];
            _versions = [.. _versions.AsSpan(0, slot), version, .. _versions.AsSpan(slot)];
            _shares = [.. _shares.AsSpan(0, slot), share, .. _shares.AsSpan(slot)];
            return true;
        }

        if (version <= _versions[slot])
        {
            return false;
        }

        (_versions[slot], _shares[slot]) = (version, share);
        return true;
    }

    /// <summary>The sum over all partitions. O(partitions).</summary>
    public TitleSummary Sum()
    {
        var counts = new long[TitleSummary.Types];
        var popularity = default(DecayedPopularity);
        SortedDictionary<string, DecayedPopularity>? countries = null;
        long events = 0, positives = 0, verdicts = 0, first = 0, last = 0;
        foreach (var share in _shares)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                counts[i] += share.Counts[i];
            }

            events += share.EventCount;
            positives += share.Positives;
            verdicts += share.Verdicts;
            popularity += share.Popularity;
            first = first == 0 ? share.FirstEventAt : Math.Min(first, share.FirstEventAt);
            last = Math.Max(last, share.LastEventAt);
            foreach (var (country, part) in share.Countries)
            {
                countries ??= new(StringComparer.Ordinal);
                countries[country] = countries.TryGetValue(country, out var sum) ? sum + part : part;
            }
        }

        return new TitleSummary
        {
            Counts = counts,
            EventCount = events,
            Positives = positives,
            Verdicts = verdicts,
            Popularity = popularity,
            Countries = countries is null ? [] : [.. countries],
            FirstEventAt = first,
            LastEventAt = last,
        };
    }
}
