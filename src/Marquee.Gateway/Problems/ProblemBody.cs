namespace Marquee.Gateway.Problems;

/// <summary>Problem details (RFC 9457) with this API's extension members.</summary>
internal sealed record ProblemBody
{
    /// <summary>Names the kind of problem; stable, for programs.</summary>
    public required string Type { get; init; }

    /// <summary>The kind of problem, for people.</summary>
    public required string Title { get; init; }

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What happened this time, and what to do.</summary>
    public string? Detail { get; init; }

    /// <summary>Everything that is wrong with the request.</summary>
    public IReadOnlyList<FieldError>? Errors { get; init; }

    /// <summary>Names the request in the node's log.</summary>
    public string? TraceId { get; init; }

    /// <summary>Events that were written although the call as a whole failed.</summary>
    public int? Accepted { get; init; }

    /// <summary>Events that were known already.</summary>
    public int? Duplicates { get; init; }

    /// <summary>Items that were refused for good.</summary>
    public int? Rejected { get; init; }

    /// <summary>Covers the events that were written.</summary>
    public string? Position { get; init; }

    /// <summary>Indices of the items that are durable.</summary>
    public IReadOnlyList<int>? Written { get; init; }

    /// <summary>Indices of the items that were certainly not written.</summary>
    public IReadOnlyList<int>? NotWritten { get; init; }

    /// <summary>Indices of the items of which nobody knows; retry with the same event ids.</summary>
    public IReadOnlyList<int>? Unknown { get; init; }
}
