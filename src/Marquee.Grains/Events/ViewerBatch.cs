using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Grains.Users;

namespace Marquee.Grains.Events;

/// <summary>The entries of one viewer in one commit, in offset order.</summary>
/// <param name="userKey">The viewer.</param>
/// <param name="previousOffset">The offset of the viewer's entry before these in the partition's tail; −1 when there is none.</param>
internal sealed class ViewerBatch(string userKey, long previousOffset)
{
    // Nearly every commit has one entry of a viewer, or none.
    private (long Offset, EngagementEvent? Event) _first;
    private List<(long Offset, EngagementEvent? Event)>? _more;
    private int _count;

    /// <summary>The viewer.</summary>
    public string UserKey { get; } = userKey;

    /// <summary>The offset of the viewer's entry before these.</summary>
    public long PreviousOffset { get; } = previousOffset;

    /// <summary>Whether everything held of the viewer is to be forgotten.</summary>
    public bool HasErasure { get; private set; }

    /// <summary>Adds an entry behind those that are there.</summary>
    public void Add(long offset, EngagementEvent? engagement)
    {
        HasErasure |= engagement is null;
        if (_count++ == 0)
        {
            _first = (offset, engagement);
        }
        else
        {
            (_more ??= []).Add((offset, engagement));
        }
    }

    /// <summary>Applies the entries to a viewer that misses nothing before them.</summary>
    public void ApplyTo(UserState state)
    {
        if (_count == 0)
        {
            return;
        }

        state.Apply(_first.Offset, _first.Event);
        foreach (var (offset, engagement) in _more ?? [])
        {
            state.Apply(offset, engagement);
        }
    }

    /// <summary>The entries as they go to a viewer on another silo.</summary>
    public ImmutableArray<LoggedEvent> ToMessages() => _count == 0
        ? []
        : [new LoggedEvent(_first.Offset, _first.Event?.ToMessage()), .. (_more ?? []).Select(entry => new LoggedEvent(entry.Offset, entry.Event?.ToMessage()))];
}
