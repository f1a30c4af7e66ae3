using Marquee.Client.Events;

namespace Marquee.Client.Users;

/// <summary>A page of what is held of one viewer, newest first.</summary>
public sealed record HistoryPage
{
    /// <summary>The viewer.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>Newest first.</summary>
    public IReadOnlyList<HistoryEvent> Events { get; init => field = value ?? []; } = [];

    /// <summary>The cursor of the next page; null at the end.</summary>
    public string? Next { get; init; }

    /// <summary>The log position that the page covers.</summary>
    public string? Position { get; init; }

    /// <summary>Older than asked for: the node could not bring the viewer up to the log in time.</summary>
    public bool Degraded { get; init; }
}

/// <summary>One event of a viewer's history.</summary>
public sealed record HistoryEvent
{
    /// <summary>The event.</summary>
    public string EventId { get; init => field = value ?? ""; } = "";

    /// <summary>The title.</summary>
    public string TitleId { get; init => field = value ?? ""; } = "";

    /// <summary>What happened.</summary>
    public EngagementType Type { get; init; }

    /// <summary>Stars for <c>rate</c>.</summary>
    public double? Value { get; init; }

    /// <summary>Event time.</summary>
    public DateTimeOffset OccurredAt { get; init; }
}
