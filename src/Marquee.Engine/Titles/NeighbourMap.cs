using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>A bounded map from a title's neighbours to their weights, for one title in one partition.</summary>
/// <remarks>
/// Neighbours are numbers that the owning fold gives out. When the map is full the weakest neighbour makes room (Metwally
/// et al. 2005 keep its weight, we do not: a neighbour must not inherit what it did not earn). One array of columns
/// (titles, transitions, co-watches), searched linearly: at the usual 32 entries that is a few vector compares.
/// </remarks>
public sealed class NeighbourMap
{
    /// <summary>Numbers that memory delivers at once: 64 bytes, on nearly every processor.</summary>
    private const int LineLength = 16;

    private int[] _columns = [];
    private int _room;

    /// <summary>How many neighbours there are.</summary>
    public int Count { get; private set; }

    /// <summary>int32[<see cref="Count"/>]: the neighbours' numbers in the owning fold.</summary>
    public ReadOnlySpan<int> Titles => _columns.AsSpan(0, Count);

    /// <summary>int32[<see cref="Count"/>]: transitions, fixed point.</summary>
    public ReadOnlySpan<int> Transitions => _columns.AsSpan(_room, Count);

    /// <summary>int32[<see cref="Count"/>]: co-watches.</summary>
    public ReadOnlySpan<int> CoWatches => _columns.AsSpan(2 * _room, Count);

    /// <summary>Adds weights to a neighbour.</summary>
    /// <param name="title">The neighbour's number.</param>
    /// <param name="transition">Fixed point, at least 0.</param>
    /// <param name="coWatch">At least 0.</param>
    /// <param name="capacity">How many neighbours the map may hold.</param>
    public void Add(int title, int transition, int coWatch, int capacity)
    {
        var slot = Titles.IndexOf(title);
        if (slot < 0)
        {
            slot = Count < capacity ? Append() : Weakest();
            _columns[slot] = title;
            _columns[_room + slot] = 0;
            _columns[(2 * _room) + slot] = 0;
        }

        // Saturates instead of wrapping: half a million transitions of one pair in one partition.
        ref var transitions = ref _columns[_room + slot];
        ref var coWatches = ref _columns[(2 * _room) + slot];
        transitions += Math.Min(transition, int.MaxValue - transitions);
        coWatches += Math.Min(coWatch, int.MaxValue - coWatches);
    }

    /// <summary>Brings what <see cref="Add"/> reads near the processor.</summary>
    /// <returns>A number that means nothing, for the caller to do something with.</returns>
    internal int Fetch()
    {
        var (sum, columns) = (0, _columns);
        for (var i = 0; i < columns.Length; i += LineLength)
        {
            sum += columns[i];
        }

        return sum;
    }

    /// <summary>Writes the map.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Unsigned((ulong)Count);
        for (var i = 0; i < Count; i++)
        {
            writer.Unsigned((ulong)Titles[i]);
            writer.Unsigned((ulong)Transitions[i]);
            writer.Unsigned((ulong)CoWatches[i]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static NeighbourMap Read(ref BinaryFormatReader reader)
    {
        var count = reader.Count(reader.Remaining);
        var map = new NeighbourMap { Count = count, _room = count, _columns = new int[3 * count] };
        for (var i = 0; i < count; i++)
        {
            map._columns[i] = reader.Count();
            map._columns[count + i] = reader.Count();
            map._columns[(2 * count) + i] = reader.Count();
        }

        return map;
    }

    private int Append()
    {
        if (Count == _room)
        {
            var room = Count == 0 ? 2 : Count * 2;
            var columns = new int[3 * room];
            Titles.CopyTo(columns);
            Transitions.CopyTo(columns.AsSpan(room));
            CoWatches.CopyTo(columns.AsSpan(2 * room));
            (_columns, _room) = (columns, room);
        }

        return Count++;
    }

    /// <summary>The slot of the lightest neighbour; of equal ones that with the smallest number.</summary>
    private int Weakest()
    {
        var (weakest, least) = (0, long.MaxValue);
        var titles = Titles;
        var transitions = Transitions;
        var coWatches = CoWatches;
        for (var i = 0; i < titles.Length; i++)
        {
            var weight = transitions[i] + ((long)coWatches[i] * Neighbour.Unit);
            if (weight < least || (weight == least && titles[i] < titles[weakest]))
            {
                (weakest, least) = (i, weight);
            }
        }

        return weakest;
    }
}
