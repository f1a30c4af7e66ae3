using Marquee.Engine.Titles;

namespace Marquee.Training.Evaluation;

/// <summary>Chooses a title's strongest neighbours where one fold holds them whole: what <see cref="NeighbourSum"/> does for many partitions.</summary>
/// <remarks>Sorts keys instead of neighbours, since ranking does not mind their order. Not thread-safe.</remarks>
internal sealed class StrongestNeighbours
{
    private ulong[] _transitions = [];
    private ulong[] _coWatches = [];
    private ulong[] _ordered = [];

    /// <summary>The strongest neighbours, in the order of the map.</summary>
    /// <param name="map">All neighbours that the fold kept.</param>
    /// <param name="numbers">int32[fold numbers]: the number that ranking gives each of the fold's titles.</param>
    /// <param name="most">How many, by transitions and by co-watches each; of equally strong ones the earlier.</param>
    public TitleNeighbours Of(NeighbourMap map, ReadOnlySpan<int> numbers, int most)
    {
        var count = map.Count;
        Reserve(count);
        for (var i = 0; i < count; i++)
        {
            // Earlier entries are stronger among equals, so that keys are distinct.
            var (transitions, coWatches, place) = ((ulong)map.Transitions[i], (ulong)map.CoWatches[i], (ulong)(ushort.MaxValue - i));
            _transitions[i] = (transitions << 32) | (Math.Min(coWatches, ushort.MaxValue) << 16) | place;
            _coWatches[i] = (coWatches << 32) | (Math.Min(transitions, ushort.MaxValue) << 16) | place;
        }

        var (leastTransitions, leastCoWatches) = (Least(_transitions, count, most), Least(_coWatches, count, most));
        var kept = 0;
        for (var i = 0; i < count; i++)
        {
            kept += _transitions[i] >= leastTransitions || _coWatches[i] >= leastCoWatches ? 1 : 0;
        }

        var chosen = new TitleNeighbours(new int[kept], new float[kept], new float[kept]);
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            if (_transitions[i] >= leastTransitions || _coWatches[i] >= leastCoWatches)
            {
                chosen.Numbers[at] = numbers[map.Titles[i]];
                chosen.Transitions[at] = map.Transitions[i] / (float)Neighbour.Unit;
                chosen.CoWatches[at++] = map.CoWatches[i];
            }
        }

        return chosen;
    }

    /// <summary>The n-th highest key; 0 when there are not that many.</summary>
    private ulong Least(ulong[] keys, int count, int n)
    {
        if (count <= n)
        {
            return 0;
        }

        var ordered = _ordered.AsSpan(0, count);
        keys.AsSpan(0, count).CopyTo(ordered);
        ordered.Sort();
        return ordered[count - n];
    }

    private void Reserve(int count)
    {
        if (_ordered.Length < count)
        {
            (_transitions, _coWatches, _ordered) = (new ulong[2 * count], new ulong[2 * count], new ulong[2 * count]);
        }
    }
}
