using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;

namespace Marquee.Grains.Events;

/// <summary>The entries of one commit, by user, in offset order.</summary>
internal sealed class UserBatches
{
    private readonly Dictionary<string, Batch> _batches = new(StringComparer.Ordinal);

    /// <summary>Forgets everything.</summary>
    public void Clear() => _batches.Clear();

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="previousOffset">The offset of the user's entry before it, or −1.</param>
    public void Add(in LogEntry entry, long offset, long previousOffset)
    {
        ref var batch = ref CollectionsMarshal.GetValueRefOrAddDefault(_batches, entry.UserKey, out var known);
        batch ??= new Batch(previousOffset);
        batch.Events.Add(new LoggedEvent(offset, entry.Event?.ToMessage()));
    }

    /// <summary>Names a user that has to know of what the log holds already.</summary>
    /// <param name="userKey">The user.</param>
    /// <param name="newestOffset">The offset of the user's newest entry, or −1.</param>
    public void Remind(string userKey, long newestOffset) => _batches.TryAdd(userKey, new Batch(newestOffset));

    /// <summary>The users with their events and the offset before the first of them.</summary>
    public IEnumerable<(string UserKey, ImmutableArray<LoggedEvent> Events, long PreviousOffset)> All =>
        _batches.Select(pair => (pair.Key, pair.Value.Events.DrainToImmutable(), pair.Value.PreviousOffset));

    private sealed class Batch(long previousOffset)
    {
        public long PreviousOffset { get; } = previousOffset;

        public ImmutableArray<LoggedEvent>.Builder Events { get; } = ImmutableArray.CreateBuilder<LoggedEvent>(1);
    }
}
