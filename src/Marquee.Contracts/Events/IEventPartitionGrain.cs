using System.Collections.Immutable;
using Marquee.Contracts.Titles;
using Orleans.Concurrency;

namespace Marquee.Contracts.Events;

/// <summary>The single writer of one partition of the event log. Key: the partition's number.</summary>
[Alias("marquee.IEventPartitionGrain")]
public interface IEventPartitionGrain : IGrainWithIntegerKey
{
    /// <summary>Appends the events of a tenant, in order, and answers when they are durable and handed to their users.</summary>
    /// <remarks>Duplicates are dropped and counted. A time-out is an unknown outcome: retry with the same event ids.</remarks>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Append")]
    Task<AppendResult> Append(string tenant, ImmutableArray<EngagementMessage> events);

    /// <summary>Erases a user: durably records the erasure, forgets what the fold kept of the user, and clears the user's grain.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("EraseUser")]
    Task<AppendResult> EraseUser(string tenant, string userId);

    /// <summary>The user's events after offset <paramref name="after"/>, in order; the one repair path of user state.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("ReadUserTail")]
    Task<UserTail> ReadUserTail(string tenant, string userId, long after);

    /// <summary>What this partition's fold holds of the titles, in the order asked; null for one that had no event here.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("ReadTitles")]
    Task<ImmutableArray<TitleShareMessage?>> ReadTitles(string tenant, ImmutableArray<string> titleIds);

    /// <summary>Titles whose neighbours changed and that were not told before, the longest waiting first.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="since">Tells everything from this offset on again, for a caller that does not know; null goes on.</param>
    /// <param name="most">How many at most.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("TakeChangedNeighbours")]
    Task<ChangedNeighbours> TakeChangedNeighbours(string tenant, long? since, int most);

    /// <summary>What this partition's fold holds of the titles' neighbours.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("ReadNeighbours")]
    Task<NeighbourShareMessage> ReadNeighbours(string tenant, ImmutableArray<string> titleIds);

    /// <summary>Where the partition stands, for operators.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetStatus")]
    Task<PartitionStatus> GetStatus();

    /// <summary>Makes everything up to now a matter of snapshots, so that the next start replays nothing. For tests, backup and orderly stops.</summary>
    [AlwaysInterleave, ResponseTimeout("00:01:00"), Alias("Checkpoint")]
    Task Checkpoint();
}

/// <summary>How an append ended.</summary>
[GenerateSerializer, Alias("marquee.append-outcome")]
public enum AppendOutcome : byte
{
    /// <summary>Durable.</summary>
    Accepted = 0,

    /// <summary>The partition's queue is full; nothing was written; try again after a moment.</summary>
    Busy = 1,

    /// <summary>The store has no room or cannot be reached; nothing was written.</summary>
    Unavailable = 2,

    /// <summary>Nobody knows whether it was written; retry with the same event ids.</summary>
    Unknown = 3,
}

/// <summary>What became of a batch in one partition.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Accepted">Events written.</param>
/// <param name="Duplicates">Events dropped because their id was known.</param>
/// <param name="Position">Covers every event of the batch, duplicates included.</param>
/// <param name="Reason">Why not, when it was not accepted.</param>
/// <param name="RefusedTitles">Indices of events that are not part of this: the catalogue does not know their title, and has no room for more such. Default: none.</param>
[GenerateSerializer, Immutable, Alias("marquee.append-result")]
public sealed record AppendResult(
    [property: Id(0)] AppendOutcome Outcome,
    [property: Id(1)] int Accepted,
    [property: Id(2)] int Duplicates,
    [property: Id(3)] LogPosition Position,
    [property: Id(4)] string? Reason,
    [property: Id(5)] ImmutableArray<int> RefusedTitles = default);

/// <summary>An event with its place in the log.</summary>
/// <param name="Offset">The event's offset in its partition.</param>
/// <param name="Event">The event; null for an erasure.</param>
[GenerateSerializer, Immutable, Alias("marquee.logged-event")]
public readonly record struct LoggedEvent([property: Id(0)] long Offset, [property: Id(1)] EngagementMessage? Event);

/// <summary>A user's events after an offset.</summary>
/// <param name="Events">In offset order.</param>
/// <param name="Position">How far the reading goes: the state after these events covers this position.</param>
/// <param name="FirstOffset">The tail's first offset: what is before it is in the user's snapshot, and nowhere else.</param>
/// <param name="MembersVersion">The version of the cluster's members that the partition's silo knows of. Whoever knows an older one may have been evicted; 0 when it is not told.</param>
/// <param name="ErasedBefore">Whatever is stored of the user that does not reach this offset is from before an erasure, and is not to come back. 0 when no erasure is remembered.</param>
[GenerateSerializer, Immutable, Alias("marquee.user-tail")]
public sealed record UserTail(
    [property: Id(0)] ImmutableArray<LoggedEvent> Events,
    [property: Id(1)] LogPosition Position,
    [property: Id(2)] long FirstOffset = 0,
    [property: Id(3)] long MembersVersion = 0,
    [property: Id(4)] long ErasedBefore = 0);

/// <summary>One partition, for operators.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Epoch">The epoch it writes under.</param>
/// <param name="NextOffset">The offset that the next event gets.</param>
/// <param name="SnapshotOffset">A restart replays from here.</param>
/// <param name="FirstOffset">The oldest retained offset.</param>
/// <param name="UnpublishedOffset">Events from here on are not yet in the catalogue's rows.</param>
/// <param name="UndeliveredUsers">Users whose grain has not yet been told of its newest events.</param>
/// <param name="State">"open" or why not.</param>
/// <param name="Silo">Where it runs; empty when it does not answer.</param>
[GenerateSerializer, Immutable, Alias("marquee.partition-status")]
public sealed record PartitionStatus(
    [property: Id(0)] int Partition,
    [property: Id(1)] long Epoch,
    [property: Id(2)] long NextOffset,
    [property: Id(3)] long SnapshotOffset,
    [property: Id(4)] long FirstOffset,
    [property: Id(5)] long UnpublishedOffset,
    [property: Id(6)] int UndeliveredUsers,
    [property: Id(7)] string State,
    [property: Id(8)] string Silo);
