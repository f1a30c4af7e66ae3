namespace Marquee.Engine.Titles;

/// <summary>Sums the neighbours of titles over the partitions and chooses the strongest. Integers: exact in any order.</summary>
/// <remarks>Not thread-safe; keeps working memory of up to 52 bytes per title number between calls.</remarks>
/// <param name="titles">Numbers the titles.</param>
public sealed class NeighbourSum(TitleTable titles)
{
    private long[] _transitions = [];
    private long[] _coWatches = [];
    private int[] _touched = [];
    private int _touchedCount;

    // Of one title at a time.
    private readonly HashSet<string> _kept = new(StringComparer.Ordinal);
    private Neighbour[] _all = [];
    private ulong[] _keys = [];
    private readonly PriorityQueue<ulong, ulong> _strongest = new();

    /// <summary>The strongest neighbours of each title.</summary>
    /// <param name="count">How many titles the shares are of.</param>
    /// <param name="shares">One per partition.</param>
    /// <param name="most">How many, at least 1, by transitions and by co-watches each.</param>
    /// <returns>Neighbour[count][]: ordered by transitions, then co-watches, then id.</returns>
    public Neighbour[][] Strongest(int count, IReadOnlyList<NeighbourShare> shares, int most)
    {
        var numbers = new int[shares.Count][];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = Array.ConvertAll(shares[i].TitleIds, titles.NumberOf);
            foreach (var number in numbers[i])
            {
                Reserve(number);
            }
        }

        var starts = new int[shares.Count];
        var strongest = new Neighbour[count][];
        for (var title = 0; title < count; title++)
        {
            for (var i = 0; i < starts.Length; i++)
            {
                var length = shares[i].Counts[title];
                Add(shares[i], numbers[i], starts[i], length);
                starts[i] += length;
            }

            strongest[title] = TakeStrongest(most);
        }

        return strongest;
    }

    private void Add(NeighbourShare share, int[] numbers, int start, int length)
    {
        for (var i = start; i < start + length; i++)
        {
            var number = numbers[share.Titles[i]];
            if (_transitions[number] == 0 && _coWatches[number] == 0)
            {
                if (_touchedCount == _touched.Length)
                {
                    Array.Resize(ref _touched, Math.Max(64, 2 * _touchedCount));
                }

                _touched[_touchedCount++] = number;
            }

            _transitions[number] += share.Transitions[i];
            _coWatches[number] += share.CoWatches[i];
        }
    }

    private Neighbour[] TakeStrongest(int most)
    {
        if (_all.Length < _touchedCount)
        {
            (_all, _keys) = (new Neighbour[_touched.Length], new ulong[_touched.Length]);
        }

        var all = _all.AsSpan(0, _touchedCount);
        for (var i = 0; i < all.Length; i++)
        {
            var number = _touched[i];
            all[i] = new Neighbour(titles.IdOf(number), _transitions[number], _coWatches[number]);
            (_transitions[number], _coWatches[number]) = (0, 0);
        }

        _touchedCount = 0;
        if (all.Length <= most)
        {
            Sort(all, static neighbour => Key(neighbour.Transition, neighbour.CoWatch));
            return all.ToArray();
        }

        all = all[..MoveContendersToFront(all, most)];
        Sort(all, static neighbour => Key(neighbour.CoWatch, neighbour.Transition));
        _kept.Clear();
        foreach (var neighbour in all[..most])
        {
            _kept.Add(neighbour.TitleId);
        }

        Sort(all, static neighbour => Key(neighbour.Transition, neighbour.CoWatch));
        var kept = most;
        foreach (var neighbour in all[most..])
        {
            if (_kept.Contains(neighbour.TitleId))
            {
                all[kept++] = neighbour;
            }
        }

        return all[..kept].ToArray();
    }

    /// <summary>Moves all that can be among the strongest by either weight to the front: a popular title has a thousand neighbours, of which a few dozen need an order.</summary>
    /// <returns>How many; more than twice <paramref name="most"/> only where weights tie.</returns>
    private int MoveContendersToFront(Span<Neighbour> all, int most)
    {
        var lastByTransition = LastOfStrongest(all, most, static neighbour => Key(neighbour.Transition, neighbour.CoWatch));
        var lastByCoWatch = LastOfStrongest(all, most, static neighbour => Key(neighbour.CoWatch, neighbour.Transition));
        var count = 0;
        foreach (var neighbour in all)
        {
            if (Key(neighbour.Transition, neighbour.CoWatch) <= lastByTransition || Key(neighbour.CoWatch, neighbour.Transition) <= lastByCoWatch)
            {
                all[count++] = neighbour;
            }
        }

        return count;
    }

    private ulong LastOfStrongest(ReadOnlySpan<Neighbour> all, int most, Func<Neighbour, ulong> keyOf)
    {
        _strongest.Clear();
        var last = ulong.MaxValue;
        foreach (var neighbour in all)
        {
            var key = keyOf(neighbour);
            if (_strongest.Count < most)
            {
                _strongest.Enqueue(key, ~key);
                last = _strongest.Peek();
            }
            else if (key < last)
            {
                _strongest.EnqueueDequeue(key, ~key);
                last = _strongest.Peek();
            }
        }

        return last;
    }

    private void Reserve(int number)
    {
        if (number >= _transitions.Length)
        {
            var room = Math.Max(number + 1, Math.Max(1024, 2 * _transitions.Length));
            Array.Resize(ref _transitions, room);
            Array.Resize(ref _coWatches, room);
        }
    }

    /// <summary>Sorts by key, equal keys by id. Sorting numbers and mending ties is several times faster than comparing records.</summary>
    private void Sort(Span<Neighbour> neighbours, Func<Neighbour, ulong> keyOf)
    {
        var keys = _keys.AsSpan(0, neighbours.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = keyOf(neighbours[i]);
        }

        keys.Sort(neighbours);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                neighbours[start..end].Sort(static (a, b) => string.CompareOrdinal(a.TitleId, b.TitleId));
            }

            start = end;
        }
    }

    /// <summary>Ascending keys are descending weights; 36 bits for the first and 28 for the second, beyond which weights tie.</summary>
    private static ulong Key(long first, long second) =>
        ulong.MaxValue - ((ulong)Math.Clamp(first, 0, (1L << 36) - 1) << 28) - (ulong)Math.Clamp(second, 0, (1L << 28) - 1);
}
