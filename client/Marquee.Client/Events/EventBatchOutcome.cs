using System.Text.Json.Serialization;

namespace Marquee.Client.Events;

/// <summary>What became of a batch of events. Accepted events are durable.</summary>
public sealed record EventBatchOutcome
{
    /// <summary>New events, now durable.</summary>
    public int Accepted { get; init; }

    /// <summary>Events that were there already; counted once.</summary>
    public int Duplicates { get; init; }

    /// <summary>Events that were refused, see <see cref="Errors"/>; the others of the batch are kept.</summary>
    public int Rejected { get; init; }

    /// <summary>Why events were refused; an event can have more than one error.</summary>
    public IReadOnlyList<ItemError> Errors { get; init => field = value ?? []; } = [];

    /// <summary>Hand this to a read's <c>after</c>: its answer then covers the batch.</summary>
    public string? Position { get; init; }

    /// <summary>How many times the batch was sent, from 1. Above 1, <see cref="Duplicates"/> can hold events of this very call.</summary>
    [JsonIgnore]
    public int Attempts { get; init; } = 1;
}
