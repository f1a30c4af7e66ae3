namespace Marquee.Client.Events;

/// <summary>One engagement of a viewer with a title, as the API takes it.</summary>
/// <remarks>Ids match <c>[A-Za-z0-9._~-]{1,128}</c>.</remarks>
public sealed record EngagementEvent
{
    /// <summary>
    /// Names the event: a second event with the same id is a duplicate and counts once. Left out, the client gives it a
    /// time-ordered one before the first attempt, so that its retries are duplicates too.
    /// </summary>
    public string? EventId { get; init; }

    /// <summary>The viewer.</summary>
    public required string UserId { get; init; }

    /// <summary>The title; one that the catalogue does not hold appears as a stub.</summary>
    public required string TitleId { get; init; }

    /// <summary>What happened.</summary>
    public required EngagementType Type { get; init; }

    /// <summary>Stars, 0.5 to 5, for <see cref="EngagementType.Rate"/>.</summary>
    public double? Value { get; init; }

    /// <summary>Playback position in seconds, at least 0.</summary>
    public double? PositionSeconds { get; init; }

    /// <summary>Length of the title in seconds, above 0.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>Event time; the moment of arrival when left out. At most five minutes in the future.</summary>
    public DateTimeOffset? OccurredAt { get; init; }

    /// <summary>The viewing session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The slate that led here (<see cref="Recommendations.Slate.RecommendationId"/>), for attribution.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>ISO 3166-1 alpha-2 code, for example <c>SE</c>.</summary>
    public string? Country { get; init; }

    /// <summary>Free text, for example <c>tv</c>.</summary>
    public string? Device { get; init; }
}
