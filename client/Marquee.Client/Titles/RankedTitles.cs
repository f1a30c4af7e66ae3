using Marquee.Client.Recommendations;

namespace Marquee.Client.Titles;

/// <summary>What is trending now, best first.</summary>
public sealed record TrendingTitles
{
    /// <summary>Older than asked for.</summary>
    public bool Degraded { get; init; }

    /// <summary>Best first.</summary>
    public IReadOnlyList<SlateItem> Items { get; init => field = value ?? []; } = [];
}

/// <summary>Titles like another one, best first.</summary>
public sealed record SimilarTitles
{
    /// <summary>The title that they are like.</summary>
    public string TitleId { get; init => field = value ?? ""; } = "";

    /// <summary>Best first.</summary>
    public IReadOnlyList<SlateItem> Items { get; init => field = value ?? []; } = [];
}
