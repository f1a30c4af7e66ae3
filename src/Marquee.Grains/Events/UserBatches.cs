using System.Runtime.InteropServices;
using Marquee.Engine.Events;

namespace Marquee.Grains.Events;

/// <summary>The entries of one commit, by viewer.</summary>
internal sealed class UserBatches
{
    private readonly Dictionary<string, ViewerBatch> _batches = new(StringComparer.Ordinal);

    /// <summary>The viewers with their entries.</summary>
    public IReadOnlyCollection<ViewerBatch> All => _batches.Values;

    /// <summary>Forgets everything.</summary>
    public void Clear() => _batches.Clear();

    /// <summary>Adds an entry.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="offset">Its offset.</param>
    /// <param name="previousOffset">The offset of the user's entry before it, or −1.</param>
    public void Add(in LogEntry entry, long offset, long previousOffset)
    {
        ref var batch = ref CollectionsMarshal.GetValueRefOrAddDefault(_batches, entry.UserKey, out _);
        batch ??= new ViewerBatch(entry.UserKey, previousOffset);
        batch.Add(offset, entry.Event);
    }

    /// <summary>Names a user that has to know of what the log holds already.</summary>
    /// <param name="userKey">The user.</param>
    /// <param name="newestOffset">The offset of the user's newest entry, or −1.</param>
    public void Remind(string userKey, long newestOffset) => _batches.TryAdd(userKey, new ViewerBatch(userKey, newestOffset));
}
