namespace Marquee.Engine.Events;

/// <summary>One acknowledged engagement of a viewer with a title, as the log keeps it. Ids are scoped by tenant outside.</summary>
public sealed record EngagementEvent
{
    /// <summary>Names the event once per user; a second event with the same id is a duplicate.</summary>
    public required string EventId { get; init; }

    /// <summary>The viewer.</summary>
    public required string UserId { get; init; }

    /// <summary>The title; need not be in the catalogue.</summary>
    public required string TitleId { get; init; }

    /// <summary>What happened.</summary>
    public required EngagementType Type { get; init; }

    /// <summary>Event time, milliseconds since the Unix epoch; at most five minutes ahead of the clock that accepted it.</summary>
    public required long OccurredAt { get; init; }

    /// <summary>Stars, 0.5 to 5, for <see cref="EngagementType.Rate"/>; otherwise a free number or nothing.</summary>
    public double? Value { get; init; }

    /// <summary>Playback position in seconds, at least 0.</summary>
    public double? PositionSeconds { get; init; }

    /// <summary>Length of the title in seconds, above 0.</summary>
    public double? DurationSeconds { get; init; }

    /// <summary>The viewing session.</summary>
    public string? SessionId { get; init; }

    /// <summary>The slate that led here, for attribution.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>Upper-case ISO 3166-1 alpha-2 code.</summary>
    public string? Country { get; init; }

    /// <summary>Free text of the front end, for example <c>tv</c>.</summary>
    public string? Device { get; init; }
}
