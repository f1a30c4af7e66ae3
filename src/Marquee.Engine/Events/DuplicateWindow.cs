using System.Buffers;
using System.IO.Hashing;
using System.Text;

namespace Marquee.Engine.Events;

/// <summary>Remembers the ids of a partition's newest events, so that a repeated one is recognised.</summary>
/// <remarks>
/// <para>An id is remembered while it is among the newest <see cref="Capacity"/> and was appended at most
/// <see cref="Age"/> before the newest one. Ids are scoped by tenant and user and kept as 128-bit XXH3 hashes: among a
/// million remembered ids a false match has a chance of 10⁻²⁷ per event.</para>
/// <para>A ring holds hashes in order of arrival; an open-addressing index of ring slots finds them. 24 to 40 bytes per id.</para>
/// </remarks>
public sealed class DuplicateWindow
{
    private UInt128[] _hashes = new UInt128[16];
    private uint[] _appendedAtSeconds = new uint[16];
    private int[] _index = NewIndex(32);
    private int _first;

    /// <summary>Creates an empty window.</summary>
    /// <param name="capacity">How many ids at most; at least 16.</param>
    /// <param name="age">How long at most, in wall-clock time of the appends.</param>
    public DuplicateWindow(int capacity, TimeSpan age)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 16);
        Capacity = capacity;
        Age = age;
    }

    /// <summary>How many ids are remembered at most.</summary>
    public int Capacity { get; }

    /// <summary>How long an id is remembered at most.</summary>
    public TimeSpan Age { get; }

    /// <summary>How many ids are remembered now.</summary>
    public int Count { get; private set; }

    /// <summary>The 128 bits that stand for an event's id.</summary>
    public static UInt128 HashOf(string tenant, string userId, string eventId)
    {
        var most = Encoding.UTF8.GetMaxByteCount(tenant.Length + userId.Length + eventId.Length + 2);
        byte[]? rented = null;
        var buffer = most <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(most);
        var length = Encoding.UTF8.GetBytes(tenant, buffer);
        buffer[length++] = 0;
        length += Encoding.UTF8.GetBytes(userId, buffer[length..]);
        buffer[length++] = 0;
        length += Encoding.UTF8.GetBytes(eventId, buffer[length..]);
        var hash = XxHash128.HashToUInt128(buffer[..length]);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        return hash;
    }

    /// <summary>Whether the id is remembered.</summary>
    public bool Contains(UInt128 hash) => Find(hash) >= 0;

    /// <summary>Remembers an id and forgets those that fall out of the window.</summary>
    /// <param name="hash">From <see cref="HashOf"/>; not remembered yet.</param>
    /// <param name="appendedAt">Wall clock of the append, milliseconds since the Unix epoch.</param>
    public void Add(UInt128 hash, long appendedAt)
    {
        var seconds = (uint)Math.Clamp(appendedAt / 1000, 0, uint.MaxValue);
        while (Count == Capacity || (Count > 0 && seconds - (long)_appendedAtSeconds[_first] > Age.TotalSeconds))
        {
            RemoveOldest();
        }

        Append(hash, seconds);
    }

    /// <summary>Writes the window, oldest id first.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Unsigned((ulong)Count);
        for (var i = 0; i < Count; i++)
        {
            var slot = (_first + i) & (_hashes.Length - 1);
            writer.Wide(_hashes[slot]);
            writer.Unsigned(_appendedAtSeconds[slot]);
        }
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    /// <remarks>
    /// By age nothing is forgotten here: clocks go back, so what was remembered may be older than something that came after it,
    /// and it has to be remembered still.
    /// </remarks>
    public void Read(ref BinaryFormatReader reader)
    {
        var count = reader.Count();
        for (var i = 0; i < count; i++)
        {
            if (Count == Capacity)
            {
                RemoveOldest();
            }

            Append(reader.Wide(), (uint)reader.Unsigned());
        }
    }

    private void Append(UInt128 hash, uint seconds)
    {
        if (Count == _hashes.Length)
        {
            Grow();
        }

        var slot = (_first + Count) & (_hashes.Length - 1);
        _hashes[slot] = hash;
        _appendedAtSeconds[slot] = seconds;
        Count++;
        Insert(hash, slot);
    }

    private static int[] NewIndex(int size)
    {
        var index = new int[size];
        Array.Fill(index, -1);
        return index;
    }

    private int Find(UInt128 hash)
    {
        var mask = _index.Length - 1;
        for (var i = (int)(ulong)hash & mask; _index[i] >= 0; i = (i + 1) & mask)
        {
            if (_hashes[_index[i]] == hash)
            {
                return i;
            }
        }

        return -1;
    }

    private void Insert(UInt128 hash, int slot)
    {
        var mask = _index.Length - 1;
        var i = (int)(ulong)hash & mask;
        while (_index[i] >= 0)
        {
            i = (i + 1) & mask;
        }

        _index[i] = slot;
    }

    private void RemoveOldest()
    {
        var hole = Find(_hashes[_first]);
        _first = (_first + 1) & (_hashes.Length - 1);
        Count--;

        // Backward-shift deletion (Knuth, TAOCP 6.4, algorithm R): moves back what probed past the hole.
        var mask = _index.Length - 1;
        var i = hole;
        while (true)
        {
            _index[hole] = -1;
            int home;
            do
            {
                i = (i + 1) & mask;
                if (_index[i] < 0)
                {
                    return;
                }

                home = (int)(ulong)_hashes[_index[i]] & mask;
            }
            while (hole <= i ? hole < home && home <= i : hole < home || home <= i);

            _index[hole] = _index[i];
            hole = i;
        }
    }

    private void Grow()
    {
        var hashes = new UInt128[_hashes.Length * 2];
        var seconds = new uint[_hashes.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            hashes[i] = _hashes[(_first + i) & (_hashes.Length - 1)];
            seconds[i] = _appendedAtSeconds[(_first + i) & (_hashes.Length - 1)];
        }

        (_hashes, _appendedAtSeconds, _first) = (hashes, seconds, 0);
        _index = NewIndex(_hashes.Length * 2);
        for (var i = 0; i < Count; i++)
        {
            Insert(_hashes[i], i);
        }
    }
}
