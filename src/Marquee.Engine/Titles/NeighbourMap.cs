using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>A bounded map from a title's neighbours to their weights, for one title in one partition.</summary>
/// <remarks>
/// Neighbours are numbers that the owning fold gives out. When the map is full the weakest neighbour makes room (Metwally
/// et al. 2005 keep its weight, we do not: a neighbour must not inherit what it did not earn). Parallel arrays, searched
/// linearly: at the usual 32 entries that is two vector compares.
/// </remarks>
public sealed class NeighbourMap
{
    private int[] _titles = [];
    private int[] _transitions = [];
    private int[] _coWatches = [];

    /// <summary>How many neighbours there are.</summary>
    public int Count { get; private set; }

    /// <summary>Adds weights to a neighbour.</summary>
    /// <param name="title">The neighbour's number.</param>
    /// <param name="transition">Fixed point, at least 0.</param>
    /// <param name="coWatch">At least 0.</param>
    /// <param name="capacity">How many neighbours the map may hold.</param>
    /// <param name="changes">Receives what changed: the neighbour's gain, and the loss of one that made room.</param>
    public void Add(int title, int transition, int coWatch, int capacity, List<NeighbourChange> changes)
    {
        var slot = _titles.AsSpan(0, Count).IndexOf(title);
        if (slot < 0)
        {
            slot = Count < capacity ? Append() : Evict(changes);
            _titles[slot] = title;
            _transitions[slot] = 0;
            _coWatches[slot] = 0;
        }

        // Saturates instead of wrapping: half a million transitions of one pair in one partition.
        var gain = Math.Min(transition, int.MaxValue - _transitions[slot]);
        var together = Math.Min(coWatch, int.MaxValue - _coWatches[slot]);
        _transitions[slot] += gain;
        _coWatches[slot] += together;
        changes.Add(new NeighbourChange(title, gain, together));
    }

    /// <summary>The neighbour in a slot.</summary>
    /// <param name="slot">0 to <see cref="Count"/> − 1.</param>
    public NeighbourChange this[int slot] => new(_titles[slot], _transitions[slot], _coWatches[slot]);

    /// <summary>Writes the map.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Unsigned((ulong)Count);
        for (var i = 0; i < Count; i++)
        {
            writer.Unsigned((ulong)_titles[i]);
            writer.Unsigned((ulong)_transitions[i]);
            writer.Unsigned((ulong)_coWatches[i]);
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static NeighbourMap Read(ref BinaryFormatReader reader)
    {
        var count = reader.Count(reader.Remaining);
        var map = new NeighbourMap { Count = count, _titles = new int[count], _transitions = new int[count], _coWatches = new int[count] };
        for (var i = 0; i < count; i++)
        {
            map._titles[i] = reader.Count();
            map._transitions[i] = reader.Count();
            map._coWatches[i] = reader.Count();
        }

        return map;
    }

    private int Append()
    {
        if (Count == _titles.Length)
        {
            var size = Count == 0 ? 4 : Count * 2;
            Array.Resize(ref _titles, size);
            Array.Resize(ref _transitions, size);
            Array.Resize(ref _coWatches, size);
        }

        return Count++;
    }

    private int Evict(List<NeighbourChange> changes)
    {
        var weakest = 0;
        for (var i = 1; i < Count; i++)
        {
            var difference = Weight(i) - Weight(weakest);
            if (difference < 0 || (difference == 0 && _titles[i] < _titles[weakest]))
            {
                weakest = i;
            }
        }

        changes.Add(new NeighbourChange(_titles[weakest], -_transitions[weakest], -_coWatches[weakest]));
        return weakest;

        long Weight(int slot) => _transitions[slot] + ((long)_coWatches[slot] * Neighbour.Unit);
    }
}

/// <summary>A change of, or the whole of, a neighbour's weights.</summary>
/// <param name="Title">The neighbour's number in the owning fold.</param>
/// <param name="Transition">Fixed point; negative when it was lost.</param>
/// <param name="CoWatch">Viewers; negative when it was lost.</param>
public readonly record struct NeighbourChange(int Title, int Transition, int CoWatch);
