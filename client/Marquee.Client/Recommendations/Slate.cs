namespace Marquee.Client.Recommendations;

/// <summary>The ordered answer for one surface.</summary>
public sealed record Slate
{
    /// <summary>Echo it in the events that the slate leads to.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>The placement.</summary>
    public string? Surface { get; init; }

    /// <summary>The model that ranked.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>The log position that the answer covers.</summary>
    public string? Position { get; init; }

    /// <summary>Where the answer came from, for example <c>personal</c> or <c>popular</c>.</summary>
    public string? Source { get; init; }

    /// <summary>Slower, older or plainer than asked for.</summary>
    public bool Degraded { get; init; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<SlateItem> Items { get; init => field = value ?? []; } = [];
}

/// <summary>One slot of a slate.</summary>
public sealed record SlateItem
{
    /// <summary>The title.</summary>
    public string TitleId { get; init => field = value ?? ""; } = "";

    /// <summary>From 1.</summary>
    public int Rank { get; init; }

    /// <summary>The sum of <see cref="Parts"/>.</summary>
    public double Score { get; init; }

    /// <summary>For people, for example "Because you watched Gravity".</summary>
    public string? Reason { get; init; }

    /// <summary>The title that the reason names, if any.</summary>
    public string? BecauseTitleId { get; init; }

    /// <summary>The named parts that add up to the score; null unless asked for with <see cref="SlateQuery.Explain"/>.</summary>
    public IReadOnlyList<ScorePart>? Parts { get; init; }

    /// <summary>What to show; null unless asked for with <see cref="SlateQuery.Metadata"/>.</summary>
    public TitleSummary? Title { get; init; }

    /// <summary>Where the slot came from, for example <c>ranked</c> or <c>explore</c>.</summary>
    public string? Origin { get; init; }

    /// <summary>How much of the title has been watched, 0 to 1; for continue watching.</summary>
    public double? WatchedShare { get; init; }

    /// <summary>The chance with which an explored slot was given to this title.</summary>
    public double? Propensity { get; init; }
}

/// <summary>A named part of a score.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Value">What it adds.</param>
/// <param name="TitleId">The title of the viewer's history that it comes from, if it comes from one.</param>
public sealed record ScorePart(string Name, double Value, string? TitleId = null);

/// <summary>As much of a title as a row needs.</summary>
public sealed record TitleSummary
{
    /// <summary>The name to show.</summary>
    public string? Name { get; init; }

    /// <summary>The year of release.</summary>
    public int? ReleaseYear { get; init; }

    /// <summary>Genres.</summary>
    public IReadOnlyList<string> Genres { get; init => field = value ?? []; } = [];
}
