namespace Marquee.Engine.Recommendations;

/// <summary>What is asked of the pipeline.</summary>
public sealed record RecommendationRequest
{
    /// <summary>The placement, see <see cref="Surfaces"/>.</summary>
    public string Surface { get; init; } = Surfaces.TopPicks;

    /// <summary>How many titles, at least 1; fewer come when there are no more.</summary>
    public int Count { get; init; } = 20;

    /// <summary>Upper-case ISO 3166-1 alpha-2 code of the viewer, or null.</summary>
    public string? Country { get; init; }

    /// <summary>Whether items carry the named parts of their scores.</summary>
    public bool Explain { get; init; }

    /// <summary>Stream time, milliseconds since the Unix epoch.</summary>
    public required long Now { get; init; }

    /// <summary>The wall clock, by which availability is decided, milliseconds since the Unix epoch; null: <see cref="Now"/>.</summary>
    public long? AvailableAt { get; init; }

    /// <summary>For <see cref="Surfaces.BecauseYouWatched"/>: the title to start from; null lets the engine choose.</summary>
    public string? AnchorTitleId { get; init; }

    /// <summary>How far <see cref="Surfaces.TopPicks"/> may explore; null: not at all.</summary>
    public Exploration? Exploration { get; init; }

    /// <summary>Whether near-identical titles are spread over the slate; without it the slate is in the order of the scores, to tell what that costs.</summary>
    public bool Diversify { get; init; } = true;

    /// <summary>Numbers of titles to leave out besides those that the viewer has engaged with.</summary>
    public IReadOnlyCollection<int> AlsoExcluded { get; init; } = [];
}
