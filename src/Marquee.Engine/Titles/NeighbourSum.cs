namespace Marquee.Engine.Titles;

/// <summary>Sums the neighbours of titles over the partitions and chooses the strongest. Integers: exact in any order.</summary>
/// <remarks>Not thread-safe; keeps working memory of up to 33 bytes per title number, and four per neighbour that the shares name, between calls.</remarks>
/// <param name="titles">Numbers the titles.</param>
public sealed class NeighbourSum(TitleTable titles)
{
    private readonly Comparison<int> _byId = (a, b) => string.CompareOrdinal(titles.IdOf(a), titles.IdOf(b));
    private readonly TitleNumbers _numbers = new(titles);
    private long[] _transitions = [];
    private long[] _coWatches = [];
    private int[] _touched = [];
    private int _touchedCount;

    // Numbers of the titles that the shares name, one share after the other.
    private int[] _named = [];

    // Of one title at a time.
    private ulong[] _keys = [];
    private int[] _contenders = [];
    private bool[] _isStrong = [];

    /// <summary>The strongest neighbours of each title.</summary>
    /// <param name="count">How many titles the shares are of.</param>
    /// <param name="shares">One per partition.</param>
    /// <param name="most">How many, at least 1, by transitions and by co-watches each.</param>
    /// <returns>Neighbour[count][]: ordered by transitions, then co-watches, then id.</returns>
    public Neighbour[][] Strongest(int count, IReadOnlyList<NeighbourShare> shares, int most)
    {
        var ends = Number(shares);
        var starts = new int[shares.Count];
        var strongest = new Neighbour[count][];
        for (var title = 0; title < count; title++)
        {
            for (var i = 0; i < starts.Length; i++)
            {
                var length = shares[i].Counts[title];
                Add(shares[i], _named.AsSpan(ends[i] - shares[i].TitleIds.Length), starts[i], length);
                starts[i] += length;
            }

            strongest[title] = TakeStrongest(most);
        }

        _numbers.Forget();
        return strongest;
    }

    /// <summary>Numbers the titles that the shares name.</summary>
    /// <returns>Where each share's numbers end.</returns>
    private int[] Number(IReadOnlyList<NeighbourShare> shares)
    {
        var ends = new int[shares.Count];
        var total = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            ends[i] = total += shares[i].TitleIds.Length;
        }

        if (_named.Length < total)
        {
            _named = new int[total + (total / 4)];
        }

        var at = 0;
        foreach (var share in shares)
        {
            foreach (var titleId in share.TitleIds)
            {
                var number = _numbers.Of(titleId);
                Reserve(number);
                _named[at++] = number;
            }
        }

        return ends;
    }

    private void Add(NeighbourShare share, ReadOnlySpan<int> numbers, int start, int length)
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
        var all = _touched.AsSpan(0, _touchedCount);
        if (_keys.Length < all.Length)
        {
            (_keys, _contenders) = (new ulong[_touched.Length], new int[_touched.Length]);
        }

        var kept = all;
        if (all.Length > most)
        {
            kept = Contenders(all, most);
            Sort(kept, byCoWatch: true);
            foreach (var number in kept[..most])
            {
                _isStrong[number] = true;
            }
        }

        Sort(kept, byCoWatch: false);
        var count = 0;
        for (var i = 0; i < kept.Length; i++)
        {
            if (i < most || _isStrong[kept[i]])
            {
                // Those that stay move to the front: where they come from was looked at before.
                (kept[count], kept[i]) = (kept[i], kept[count]);
                count++;
            }
        }

        var strongest = new Neighbour[count];
        for (var i = 0; i < count; i++)
        {
            strongest[i] = new Neighbour(titles.IdOf(kept[i]), _transitions[kept[i]], _coWatches[kept[i]]);
        }

        foreach (var number in kept)
        {
            _isStrong[number] = false;
        }

        foreach (var number in all)
        {
            (_transitions[number], _coWatches[number]) = (0, 0);
        }

        _touchedCount = 0;
        return strongest;
    }

    /// <summary>All that can be among the strongest by either weight: a popular title has a thousand neighbours, of which a few dozen need an order.</summary>
    /// <returns>More than twice <paramref name="most"/> only where weights tie.</returns>
    private Span<int> Contenders(ReadOnlySpan<int> all, int most)
    {
        var lastByTransition = LastOfStrongest(all, most, byCoWatch: false);
        var lastByCoWatch = LastOfStrongest(all, most, byCoWatch: true);
        var count = 0;
        foreach (var number in all)
        {
            if (Key(number, byCoWatch: false) <= lastByTransition || Key(number, byCoWatch: true) <= lastByCoWatch)
            {
                _contenders[count++] = number;
            }
        }

        return _contenders.AsSpan(0, count);
    }

    private ulong LastOfStrongest(ReadOnlySpan<int> all, int most, bool byCoWatch)
    {
        var keys = _keys.AsSpan(0, all.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Key(all[i], byCoWatch);
        }

        return Smallest(keys, most - 1);
    }

    /// <summary>The key of a rank, 0 for the smallest. Orders the keys only as far as that takes (Hoare, Algorithm 65: FIND, 1961).</summary>
    private static ulong Smallest(Span<ulong> keys, int rank)
    {
        var (first, last) = (0, keys.Length - 1);
        while (first < last)
        {
            var (a, b, c) = (keys[first], keys[(first + last) / 2], keys[last]);
            var pivot = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            var (i, j) = (first, last);
            while (i <= j)
            {
                while (keys[i] < pivot)
                {
                    i++;
                }

                while (keys[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (keys[i], keys[j]) = (keys[j], keys[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            if (rank <= j)
            {
                last = j;
            }
            else if (rank >= i)
            {
                first = i;
            }
            else
            {
                break;
            }
        }

        return keys[rank];
    }

    private void Reserve(int number)
    {
        if (number >= _transitions.Length)
        {
            var room = Math.Max(number + 1, Math.Max(1024, 2 * _transitions.Length));
            Array.Resize(ref _transitions, room);
            Array.Resize(ref _coWatches, room);
            Array.Resize(ref _isStrong, room);
        }
    }

    /// <summary>Sorts by key, equal keys by id. Sorting numbers and mending ties is several times faster than comparing records.</summary>
    private void Sort(Span<int> numbers, bool byCoWatch)
    {
        var keys = _keys.AsSpan(0, numbers.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = Key(numbers[i], byCoWatch);
        }

        keys.Sort(numbers);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }

            if (end - start > 1)
            {
                numbers[start..end].Sort(_byId);
            }

            start = end;
        }
    }

    /// <summary>Ascending keys are descending weights; 36 bits for the first and 28 for the second, beyond which weights tie.</summary>
    private ulong Key(int number, bool byCoWatch)
    {
        var (first, second) = byCoWatch ? (_coWatches[number], _transitions[number]) : (_transitions[number], _coWatches[number]);
        return ulong.MaxValue - ((ulong)Math.Clamp(first, 0, (1L << 36) - 1) << 28) - (ulong)Math.Clamp(second, 0, (1L << 28) - 1);
    }
}
