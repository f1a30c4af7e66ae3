namespace Marquee.Engine.Events;

/// <summary>One entry of a partition's log: an engagement event, or the erasure of a user.</summary>
/// <param name="Tenant">Scopes the ids.</param>
/// <param name="UserId">The user that the entry belongs to.</param>
/// <param name="Event">The event; null when the entry erases the user.</param>
public readonly record struct LogEntry(string Tenant, string UserId, EngagementEvent? Event)
{
    /// <summary>Whether everything held of the user before this entry is to be forgotten.</summary>
    public bool IsErasure => Event is null;

    /// <summary>The key that the user's grain, partition and tail index go by.</summary>
    public string UserKey { get; } = string.Concat(Tenant, "/", UserId);
}
