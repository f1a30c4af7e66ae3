using System.Text.Json.Serialization;

namespace Marquee.Client.Titles;

/// <summary>A title's metadata. Only <see cref="TitleId"/> and <see cref="Name"/> are required when it is written.</summary>
public sealed record Title
{
    /// <summary>The id, matching <c>[A-Za-z0-9._~-]{1,128}</c>.</summary>
    public required string TitleId { get; init; }

    /// <summary>The name to show; empty for a <see cref="Stub"/>.</summary>
    public string Name { get; init => field = value ?? ""; } = "";

    /// <summary>True when events of the title came but metadata has not yet. Read only: it is not sent.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWriting)]
    public bool Stub { get; init; }

    /// <summary><c>film</c> (when left out), <c>series</c>, <c>season</c> or <c>episode</c>.</summary>
    public string? Kind { get; init; }

    /// <summary>The day of release.</summary>
    public DateOnly? ReleaseDate { get; init; }

    /// <summary>The year of release.</summary>
    public int? ReleaseYear { get; init; }

    /// <summary>Genres.</summary>
    public IReadOnlyList<string>? Genres { get; init; }

    /// <summary>Free tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Languages.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Countries of production.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Length in seconds.</summary>
    public int? RuntimeSeconds { get; init; }

    /// <summary>The maturity rating, for example <c>PG-13</c>.</summary>
    public string? Maturity { get; init; }

    /// <summary>Cast and crew.</summary>
    public IReadOnlyList<string>? People { get; init; }

    /// <summary>Who owns the rights.</summary>
    public string? Owner { get; init; }

    /// <summary>Shown nowhere else.</summary>
    public bool? Exclusive { get; init; }

    /// <summary>The series of a season or an episode.</summary>
    public string? SeriesId { get; init; }

    /// <summary>The season's number.</summary>
    public int? Season { get; init; }

    /// <summary>The episode's number.</summary>
    public int? Episode { get; init; }

    /// <summary>Where and when it may be shown; empty means everywhere and always.</summary>
    public IReadOnlyList<AvailabilityWindow>? Availability { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }
}

/// <summary>A country and a time in which a title may be shown.</summary>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
/// <param name="From">From this moment on; null: since ever.</param>
/// <param name="Until">Before this moment; null: for ever.</param>
public sealed record AvailabilityWindow(string Country, DateTimeOffset? From = null, DateTimeOffset? Until = null);
