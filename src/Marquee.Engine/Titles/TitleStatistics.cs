using System.Numerics.Tensors;

namespace Marquee.Engine.Titles;

/// <summary>One title's engagement as its partitions tell it: the newest share of each, and their sum.</summary>
/// <remarks>
/// Shares are absolute: one that is lost, repeated or late changes nothing in the end. They are summed in the order of the
/// partitions, so that the same log gives the same bits of popularity whatever the order of messages.
/// </remarks>
public sealed class TitleStatistics
{
    /// <summary>The numbers of a share in a row: the counts, and those that are named here.</summary>
    private const int Events = TitleSummary.Types;
    private const int Positives = Events + 1;
    private const int Verdicts = Positives + 1;
    private const int Summed = Verdicts + 1;
    private const int First = Summed;
    private const int Last = First + 1;
    private const int Width = Last + 1;

    // Side by side, not as the objects that the shares came in: a sum reads all of them, for every title that an event changes.
    private int _count;
    private int[] _partitions = [];
    private long[] _versions = [];
    private long[] _numbers = [];
    private DecayedPopularity[] _popularity = [];
    private KeyValuePair<string, DecayedPopularity>[][] _countries = [];

    /// <summary>The version of a partition's share; 0 when there is none.</summary>
    public long VersionOf(int partition) => Find(partition) is >= 0 and var slot ? _versions[slot] : 0;

    /// <summary>Takes a partition's share over, unless a newer one is here.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="version">Its version: one more than the offset of the last event in it.</param>
    /// <param name="share">Everything that the partition holds of the title.</param>
    /// <returns>Whether it was news.</returns>
    public bool Take(int partition, long version, TitleSummary share)
    {
        var slot = Find(partition);
        if (slot < 0)
        {
            Insert(slot = ~slot);
        }
        else if (version <= _versions[slot])
        {
            return false;
        }

        (_partitions[slot], _versions[slot], _popularity[slot], _countries[slot]) = (partition, version, share.Popularity, share.Countries);
        var numbers = _numbers.AsSpan(slot * Width, Width);
        share.Counts.CopyTo(numbers);
        (numbers[Events], numbers[Positives], numbers[Verdicts]) = (share.EventCount, share.Positives, share.Verdicts);
        (numbers[First], numbers[Last]) = (share.FirstEventAt, share.LastEventAt);
        return true;
    }

    /// <summary>The sum over all partitions. O(partitions).</summary>
    public TitleSummary Sum()
    {
        Span<long> sums = stackalloc long[Summed];
        sums.Clear();
        SortedDictionary<string, DecayedPopularity>? countries = null;
        long first = 0, last = 0;
        for (var slot = 0; slot < _count; slot++)
        {
            var numbers = _numbers.AsSpan(slot * Width, Width);
            TensorPrimitives.Add(sums, numbers[..Summed], sums);
            first = first == 0 ? numbers[First] : Math.Min(first, numbers[First]);
            last = Math.Max(last, numbers[Last]);
            foreach (var (country, part) in _countries[slot])
            {
                countries ??= new(StringComparer.Ordinal);
                countries[country] = countries.TryGetValue(country, out var sum) ? sum + part : part;
            }
        }

        return new TitleSummary
        {
            Counts = sums[..TitleSummary.Types].ToArray(),
            EventCount = sums[Events],
            Positives = sums[Positives],
            Verdicts = sums[Verdicts],
            Popularity = DecayedPopularity.Sum(_popularity.AsSpan(0, _count)),
            Countries = countries is null ? [] : [.. countries],
            FirstEventAt = first,
            LastEventAt = last,
        };
    }

    private int Find(int partition) => _partitions.AsSpan(0, _count).BinarySearch(partition);

    private void Insert(int slot)
    {
        if (_count == _partitions.Length)
        {
            var room = _count == 0 ? 1 : 2 * _count;
            Array.Resize(ref _partitions, room);
            Array.Resize(ref _versions, room);
            Array.Resize(ref _numbers, room * Width);
            Array.Resize(ref _popularity, room);
            Array.Resize(ref _countries, room);
        }

        Shift(_partitions, slot, 1);
        Shift(_versions, slot, 1);
        Shift(_numbers, slot, Width);
        Shift(_popularity, slot, 1);
        Shift(_countries, slot, 1);
        _count++;
    }

    private void Shift<T>(T[] rows, int slot, int width) =>
        Array.Copy(rows, slot * width, rows, (slot + 1) * width, (_count - slot) * width);
}
