namespace Marquee.Client.Recommendations;

/// <summary>A viewer's home page: ordered rows, no title twice.</summary>
public sealed record HomePage
{
    /// <summary>The viewer.</summary>
    public string UserId { get; init => field = value ?? ""; } = "";

    /// <summary>The log position that the page covers.</summary>
    public string? Position { get; init; }

    /// <summary>Slower, older or plainer than asked for.</summary>
    public bool Degraded { get; init; }

    /// <summary>Top row first.</summary>
    public IReadOnlyList<HomeRow> Rows { get; init => field = value ?? []; } = [];
}

/// <summary>One row of a home page.</summary>
public sealed record HomeRow
{
    /// <summary>Stable name of the row on the page.</summary>
    public string RowId { get; init => field = value ?? ""; } = "";

    /// <summary>For people, for example "Because you watched Gravity".</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>The placement.</summary>
    public string? Surface { get; init; }

    /// <summary>Echo it in the events that the row leads to.</summary>
    public string? RecommendationId { get; init; }

    /// <summary>The model that ranked.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>Where the row came from, for example <c>personal</c> or <c>popular</c>.</summary>
    public string? Source { get; init; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<SlateItem> Items { get; init => field = value ?? []; } = [];
}
