namespace Marquee.Contracts.Events;

/// <summary>One checked engagement event on its way to its partition.</summary>
[GenerateSerializer, Immutable, Alias("marquee.engagement")]
public sealed record EngagementMessage
{
    /// <summary>Names the event once per user; a second one with the same id is a duplicate.</summary>
    [Id(0)] public required string EventId { get; init; }

    /// <summary>The viewer.</summary>
    [Id(1)] public required string UserId { get; init; }

    /// <summary>The title.</summary>
    [Id(2)] public required string TitleId { get; init; }

    /// <summary>What happened.</summary>
    [Id(3)] public required EngagementType Type { get; init; }

    /// <summary>Event time, milliseconds since the Unix epoch.</summary>
    [Id(4)] public required long OccurredAt { get; init; }

    /// <summary>Stars for <see cref="EngagementType.Rate"/>, otherwise free.</summary>
    [Id(5)] public double? Value { get; init; }

    /// <summary>Playback position in seconds.</summary>
    [Id(6)] public double? PositionSeconds { get; init; }

    /// <summary>Length of the title in seconds.</summary>
    [Id(7)] public double? DurationSeconds { get; init; }

    /// <summary>The viewing session.</summary>
    [Id(8)] public string? SessionId { get; init; }

    /// <summary>The slate that led here.</summary>
    [Id(9)] public string? RecommendationId { get; init; }

    /// <summary>Upper-case ISO 3166-1 alpha-2 code.</summary>
    [Id(10)] public string? Country { get; init; }

    /// <summary>Free text of the front end.</summary>
    [Id(11)] public string? Device { get; init; }
}
