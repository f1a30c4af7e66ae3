using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Grains.Events;
using Marquee.Storage.Snapshots;

namespace Marquee.Grains.Users;

/// <summary>A viewer's state in memory: the packed history, and the taste that it folds into.</summary>
internal sealed class UserState(TitleTable titles)
{
    private EngagementHistory _history = new(titles);

    /// <summary>Covers every event of the viewer up to and including this offset of its partition.</summary>
    public long Offset { get; private set; } = -1;

    /// <summary>The epoch under which <see cref="Offset"/> was learned.</summary>
    public long Epoch { get; private set; }

    /// <summary>The events, in log order.</summary>
    public EngagementHistory History => _history;

    /// <summary>The taste; folded from the history when it is asked for.</summary>
    public UserTaste Taste => _history.Taste;

    /// <summary>Takes a snapshot over.</summary>
    public void Restore(UserSnapshot snapshot)
    {
        _history = EngagementHistory.FromBytes(snapshot.History, titles);
        Offset = snapshot.Offset;
    }

    /// <summary>Applies an entry, unless it is covered already.</summary>
    public void Apply(in LoggedEvent logged) => Apply(logged.Offset, logged.Event?.ToEngine());

    /// <summary>Applies an entry, unless it is covered already.</summary>
    /// <param name="offset">The entry's offset.</param>
    /// <param name="engagement">The event; null for an erasure.</param>
    public void Apply(long offset, EngagementEvent? engagement)
    {
        if (offset <= Offset)
        {
            return;
        }

        if (engagement is null)
        {
            Clear();
        }
        else
        {
            _history.Append(engagement);
        }

        Offset = offset;
    }

    /// <summary>Forgets every event.</summary>
    public void Clear() => _history.Clear();

    /// <summary>Notes that no event of the viewer is missing up to a position.</summary>
    public void CoverUpTo(LogPosition position)
    {
        Offset = Math.Max(Offset, position.Offset);
        Epoch = Math.Max(Epoch, position.Epoch);
    }
}
