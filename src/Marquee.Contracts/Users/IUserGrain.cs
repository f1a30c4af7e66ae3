using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Orleans.Concurrency;

namespace Marquee.Contracts.Users;

/// <summary>One viewer's live state. Key: <c>{tenant}/{userId}</c>.</summary>
[Alias("marquee.IUserGrain")]
public interface IUserGrain : IGrainWithStringKey
{
    /// <summary>Takes over new events; pulls from the partition when something before them is missing.</summary>
    /// <param name="events">In offset order.</param>
    /// <param name="previousOffset">The offset of the user's event before these in the partition's tail; −1 when there is none.</param>
    /// <param name="position">The state after these events covers this position.</param>
    /// <param name="firstOffset">The tail's first offset: what is before it is in the user's snapshot, and nowhere else.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("Apply")]
    Task Apply(ImmutableArray<LoggedEvent> events, long previousOffset, LogPosition position, long firstOffset);

    /// <summary>Ranks the catalogue for this viewer, now.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("Recommend")]
    Task<Slate> Recommend(SlateRequest request);

    /// <summary>Composes this viewer's home page.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetHome")]
    Task<Home> GetHome(HomeRequest request);

    /// <summary>What is held of this viewer, newest first.</summary>
    /// <param name="limit">1 to 1,000.</param>
    /// <param name="cursor">Where the previous page ended, or null.</param>
    /// <param name="after">The state must cover this position, or null.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:05"), Alias("GetHistory")]
    Task<HistoryPage> GetHistory(int limit, string? cursor, LogPosition? after);

    /// <summary>Makes a snapshot cover an offset of the user's partition.</summary>
    /// <param name="offset">The newest offset to cover; no event of the user up to there is left out.</param>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), Alias("Snapshot")]
    Task Snapshot(long offset);
}

/// <summary>A page of a viewer's history.</summary>
/// <param name="Events">Newest event time first.</param>
/// <param name="Next">Cursor of the next page, or null at the end.</param>
/// <param name="Position">The position that the answer covers; an offset of −1 when nothing of the viewer is known.</param>
/// <param name="Degraded">The partition could not be asked in time, or does not reach the position that was wanted.</param>
[GenerateSerializer, Immutable, Alias("marquee.history-page")]
public sealed record HistoryPage(
    [property: Id(0)] ImmutableArray<HistoryEntry> Events,
    [property: Id(1)] string? Next,
    [property: Id(2)] LogPosition Position,
    [property: Id(3)] bool Degraded = false);

/// <summary>One event of a viewer's history.</summary>
[GenerateSerializer, Immutable, Alias("marquee.history-entry")]
public sealed record HistoryEntry(
    [property: Id(0)] string EventId,
    [property: Id(1)] string TitleId,
    [property: Id(2)] EngagementType Type,
    [property: Id(3)] double? Value,
    [property: Id(4)] long OccurredAt);
