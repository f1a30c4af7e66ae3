namespace Marquee.Engine.Catalogue;

/// <summary>What the service said about a title. Only <see cref="TitleId"/> and <see cref="Name"/> are required.</summary>
public sealed record TitleMetadata
{
    /// <summary>Names the title within its tenant.</summary>
    public required string TitleId { get; init; }

    /// <summary>The name that people see.</summary>
    public required string Name { get; init; }

    /// <summary>Film, series, season or episode.</summary>
    public TitleKind Kind { get; init; }

    /// <summary>Release, milliseconds since the Unix epoch, when the day is known.</summary>
    public long? ReleasedAt { get; init; }

    /// <summary>Year of release, when only that is known.</summary>
    public int? ReleaseYear { get; init; }

    /// <summary>Genres, in the service's own words.</summary>
    public IReadOnlyList<string> Genres { get; init; } = [];

    /// <summary>Free tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Spoken languages.</summary>
    public IReadOnlyList<string> Languages { get; init; } = [];

    /// <summary>Countries of production.</summary>
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Length in seconds, above 0.</summary>
    public double? RuntimeSeconds { get; init; }

    /// <summary>Maturity rating, in the service's own words.</summary>
    public string? Maturity { get; init; }

    /// <summary>Cast and crew.</summary>
    public IReadOnlyList<string> People { get; init; } = [];

    /// <summary>Who owns the rights.</summary>
    public string? Owner { get; init; }

    /// <summary>Whether it is shown nowhere else.</summary>
    public bool Exclusive { get; init; }

    /// <summary>The series that a season or an episode belongs to.</summary>
    public string? SeriesId { get; init; }

    /// <summary>Season number, from 0.</summary>
    public int? Season { get; init; }

    /// <summary>Episode number in its season, from 0.</summary>
    public int? Episode { get; init; }

    /// <summary>Where and when it may be shown; empty: everywhere and always.</summary>
    public IReadOnlyList<AvailabilityWindow> Availability { get; init; } = [];

    /// <summary>A few sentences.</summary>
    public string? Description { get; init; }

    /// <summary>Whether the title may be shown at <paramref name="now"/> in <paramref name="country"/> (null: country unknown, any window counts).</summary>
    public bool IsAvailable(long now, string? country)
    {
        if (Availability.Count == 0)
        {
            return true;
        }

        foreach (var window in Availability)
        {
            if ((country is null || window.Country == country) && window.Contains(now))
            {
                return true;
            }
        }

        return false;
    }
}
