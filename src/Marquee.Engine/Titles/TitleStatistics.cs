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
    private const int Positives = TitleSummary.Types;
    private const int Verdicts = Positives + 1;
    private const int Width = Verdicts + 1;

    // Side by side, not as the objects that the shares came in: a sum reads all of them, for every title that an event changes.
    private int _count;
    private int[] _partitions = [];
    private long[] _versions = [];
    private (long First, long Last)[] _times = [];

    // Of 32 bits, as the partitions count: rows of most titles are few and small, and there is one for each title that is up.
    private uint[] _numbers = [];
    private DecayedPopularity[] _popularity = [];
    private KeyValuePair<string, DecayedPopularity>[][] _countries = [];

    /// <summary>The version of a partition's share; 0 when there is none.</summary>
    public long VersionOf(int partition) => Find(partition) is >= 0 and var slot ? _versions[slot] : 0;

    /// <summary>Makes room for the shares of so many partitions, of which most titles have few.</summary>
    public void Reserve(int partitions)
    {
        if (partitions > _partitions.Length)
        {
            Resize(partitions);
        }
    }

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
        TensorPrimitives.ConvertSaturating<long, uint>(share.Counts, numbers);
        (numbers[Positives], numbers[Verdicts]) = (uint.CreateSaturating(share.Positives), uint.CreateSaturating(share.Verdicts));
        _times[slot] = (share.FirstEventAt, share.LastEventAt);
        return true;
    }

    /// <summary>The sum over all partitions. O(partitions).</summary>
    public TitleSummary Sum()
    {
        Span<long> sums = stackalloc long[Width];
        sums.Clear();
        SortedDictionary<string, DecayedPopularity>? countries = null;
        long first = 0, last = 0;
        for (var slot = 0; slot < _count; slot++)
        {
            var numbers = _numbers.AsSpan(slot * Width, Width);
            for (var i = 0; i < Width; i++)
            {
                sums[i] += numbers[i];
            }

            first = first == 0 ? _times[slot].First : Math.Min(first, _times[slot].First);
            last = Math.Max(last, _times[slot].Last);
            foreach (var (country, part) in _countries[slot])
            {
                countries ??= new(StringComparer.Ordinal);
                countries[country] = countries.TryGetValue(country, out var sum) ? sum + part : part;
            }
        }

        return new TitleSummary
        {
            Counts = sums[..TitleSummary.Types].ToArray(),
            EventCount = TensorPrimitives.Sum<long>(sums[..TitleSummary.Types]),
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
            Resize(_count + 1 + (_count / 2));
        }

        Shift(_partitions, slot, 1);
        Shift(_versions, slot, 1);
        Shift(_times, slot, 1);
        Shift(_numbers, slot, Width);
        Shift(_popularity, slot, 1);
        Shift(_countries, slot, 1);
        _count++;
    }

    private void Resize(int room)
    {
        Array.Resize(ref _partitions, room);
        Array.Resize(ref _versions, room);
        Array.Resize(ref _times, room);
        Array.Resize(ref _numbers, room * Width);
        Array.Resize(ref _popularity, room);
        Array.Resize(ref _countries, room);
    }

    private void Shift<T>(T[] rows, int slot, int width) =>
        Array.Copy(rows, slot * width, rows, (slot + 1) * width, (_count - slot) * width);
}
