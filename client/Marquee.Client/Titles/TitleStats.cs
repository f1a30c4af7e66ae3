namespace Marquee.Client.Titles;

/// <summary>A title's live counters.</summary>
public sealed record TitleStats
{
    /// <summary>The title.</summary>
    public string TitleId { get; init => field = value ?? ""; } = "";

    /// <summary>Exact number of events per type since the title exists, by the type's name.</summary>
    public IReadOnlyDictionary<string, long> Counts { get; init => field = value ?? new Dictionary<string, long>(); } = new Dictionary<string, long>();

    /// <summary>Decayed positive events.</summary>
    public TitlePopularity Popularity { get; init => field = value ?? new(); } = new();

    /// <summary>Event time of the newest event; null when there was none.</summary>
    public DateTimeOffset? UpdatedAt { get; init; }
}

/// <summary>Positive events, each weighing less the older it is, at three half-lives.</summary>
public sealed record TitlePopularity
{
    /// <summary>The shortest half-life: what is hot now.</summary>
    public double Short { get; init; }

    /// <summary>The middle half-life.</summary>
    public double Medium { get; init; }

    /// <summary>The longest half-life: what lasts.</summary>
    public double Long { get; init; }
}
