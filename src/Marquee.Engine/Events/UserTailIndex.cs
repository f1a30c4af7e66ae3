namespace Marquee.Engine.Events;

/// <summary>Finds a user's entries in the tail of a partition's log that no user snapshot covers for certain.</summary>
/// <remarks>Each entry links to the same user's entry before it. 8 bytes per entry and a dictionary slot per user.</remarks>
public sealed class UserTailIndex
{
    private const long None = -1;

    private readonly Dictionary<string, long> _newest = new(StringComparer.Ordinal);
    private readonly List<long> _previous = [];

    /// <summary>Creates an index that starts at an offset.</summary>
    public UserTailIndex(long firstOffset) => FirstOffset = firstOffset;

    /// <summary>The offset of the oldest entry indexed.</summary>
    public long FirstOffset { get; private set; }

    /// <summary>The offset after the newest entry indexed.</summary>
    public long NextOffset => FirstOffset + _previous.Count;

    /// <summary>The users that have entries in the tail.</summary>
    public IReadOnlyCollection<string> Users => _newest.Keys;

    /// <summary>Adds the next entry.</summary>
    /// <returns>The offset of the user's entry before it, or −1.</returns>
    public long Add(string userKey)
    {
        var previous = Newest(userKey);
        _newest[userKey] = NextOffset;
        _previous.Add(previous);
        return previous;
    }

    /// <summary>The offset of the user's newest entry in the tail, or −1.</summary>
    public long Newest(string userKey) => _newest.GetValueOrDefault(userKey, None);

    /// <summary>The offsets of the user's entries after <paramref name="after"/>, oldest first.</summary>
    public IReadOnlyList<long> After(string userKey, long after)
    {
        var found = new List<long>();
        for (var offset = Newest(userKey); offset > after && offset >= FirstOffset; offset = _previous[(int)(offset - FirstOffset)])
        {
            found.Add(offset);
        }

        found.Reverse();
        return found;
    }

    /// <summary>Forgets the entries before an offset.</summary>
    public void TrimBefore(long offset)
    {
        var count = (int)Math.Clamp(offset - FirstOffset, 0, _previous.Count);
        _previous.RemoveRange(0, count);
        FirstOffset += count;
        foreach (var (user, newest) in _newest)
        {
            if (newest < FirstOffset)
            {
                _newest.Remove(user);
            }
        }
    }
}
