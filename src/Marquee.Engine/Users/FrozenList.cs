using System.Runtime.InteropServices;

namespace Marquee.Engine.Users;

/// <summary>A list that hands out what it holds as an array that nobody writes any more, and the same one until it changes.</summary>
/// <typeparam name="T">The items.</typeparam>
internal sealed class FrozenList<T>
{
    private readonly List<T> _items = [];
    private T[]? _frozen = [];

    /// <summary>The items, until the next change.</summary>
    public ReadOnlySpan<T> Items => CollectionsMarshal.AsSpan(_items);

    /// <summary>The items for good.</summary>
    public T[] Freeze() => _frozen ??= [.. _items];

    /// <summary>Holds what it handed out before, or another list did.</summary>
    public void Resume(T[] frozen)
    {
        _items.Clear();
        _items.AddRange(frozen);
        _frozen = frozen;
    }

    /// <summary>Adds an item behind the others; the first fall off when there are more than may be.</summary>
    public void Add(T item, int most)
    {
        Insert(_items.Count, item);
        if (_items.Count > most)
        {
            _items.RemoveRange(0, _items.Count - most);
        }
    }

    /// <summary>Adds an item before the others; the last fall off when there are more than may be.</summary>
    public void InsertFirst(T item, int most)
    {
        Insert(0, item);
        if (_items.Count > most)
        {
            _items.RemoveRange(most, _items.Count - most);
        }
    }

    /// <summary>Adds an item at a place.</summary>
    public void Insert(int place, T item)
    {
        _items.Insert(place, item);
        _frozen = null;
    }

    /// <summary>Takes the item at a place out.</summary>
    public void RemoveAt(int place)
    {
        _items.RemoveAt(place);
        _frozen = null;
    }

    /// <summary>Takes an item out if it is there.</summary>
    public void Remove(T item)
    {
        if (_items.Remove(item))
        {
            _frozen = null;
        }
    }
}
