namespace Marquee.Client.Recommendations;

/// <summary>What a front end asks for. What is left out is the node's default.</summary>
public sealed record SlateQuery
{
    /// <summary>The placement, for example <c>top-picks</c>; not used by the home page, which has them all.</summary>
    public string? Surface { get; init; }

    /// <summary>How many titles (per row, for the home page).</summary>
    public int? Count { get; init; }

    /// <summary>The viewer's country, ISO 3166-1 alpha-2.</summary>
    public string? Country { get; init; }

    /// <summary>The answer must cover this position (<see cref="Events.EventBatchOutcome.Position"/>).</summary>
    public string? After { get; init; }

    /// <summary>Ask for the parts of each score.</summary>
    public bool Explain { get; init; }

    /// <summary>Ask for name, year and genres of each title.</summary>
    public bool Metadata { get; init; }

    /// <summary>Whether a few slots may go to titles that hardly anyone has judged, as far as the node's option allows; false: none.</summary>
    public bool Explore { get; init; } = true;
}
