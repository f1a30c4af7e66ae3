using System.IO.Hashing;
using System.Text;

namespace Marquee.Engine.Events;

/// <summary>Remembers where in a partition's log users were erased last, the newest <see cref="Capacity"/> of them, by hash: it names nobody.</summary>
/// <remarks>
/// The log lets go of an erasure soon. A snapshot of the user that was under way before it, from a node that had been cut off,
/// may be stored even later, and would then be all that is known of the user: by this, it is known to be of before.
/// </remarks>
public sealed class ErasedUsers
{
    /// <summary>How many users are remembered.</summary>
    public const int Capacity = 4_096;

    private readonly Dictionary<UInt128, long> _offsets = [];
    private readonly Queue<(UInt128 User, long Offset)> _order = new();

    /// <summary>How many erasures are remembered, those of the same user each.</summary>
    public int Count => _order.Count;

    /// <summary>Notes an erasure.</summary>
    /// <param name="userKey">Tenant and user, as <see cref="LogEntry.UserKey"/> has them.</param>
    /// <param name="offset">Its offset; above all before.</param>
    public void Add(string userKey, long offset) => Add(HashOf(userKey), offset);

    /// <summary>The offset of a user's last erasure; −1 when none is remembered.</summary>
    public long LastOf(string userKey) => _offsets.GetValueOrDefault(HashOf(userKey), -1);

    /// <summary>Writes what is remembered, the oldest first.</summary>
    public void Write(ref BinaryFormatWriter writer)
    {
        writer.Unsigned((ulong)_order.Count);
        foreach (var (user, offset) in _order)
        {
            writer.Wide(user);
            writer.Unsigned((ulong)offset);
        }
    }

    /// <summary>Adds what <see cref="Write"/> wrote.</summary>
    public void Read(ref BinaryFormatReader reader)
    {
        var count = reader.Count(reader.Remaining);
        for (var i = 0; i < count; i++)
        {
            Add(reader.Wide(), (long)reader.Unsigned());
        }
    }

    private void Add(UInt128 user, long offset)
    {
        _offsets[user] = offset;
        _order.Enqueue((user, offset));
        if (_order.Count > Capacity && _order.Dequeue() is var (oldest, at) && _offsets[oldest] == at)
        {
            _offsets.Remove(oldest);
        }
    }

    private static UInt128 HashOf(string userKey) => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(userKey));
}
