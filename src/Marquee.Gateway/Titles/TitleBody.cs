using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Json;

namespace Marquee.Gateway.Titles;

/// <summary>A title in an answer: as it was written, with defaults filled in; lists that are empty are left out.</summary>
internal sealed record TitleBody
{
    /// <summary>The id.</summary>
    public required string TitleId { get; init; }

    /// <summary>The name; absent for a stub.</summary>
    public string? Name { get; init; }

    /// <summary>Film, series, season or episode; absent for a stub.</summary>
    public string? Kind { get; init; }

    /// <summary>True when events of the title came but metadata has not yet.</summary>
    public bool? Stub { get; init; }

    /// <summary>The day of release.</summary>
    public DateOnly? ReleaseDate { get; init; }

    /// <summary>The year of release; that of releaseDate when only that was given.</summary>
    public int? ReleaseYear { get; init; }

    /// <summary>Genres.</summary>
    public IReadOnlyList<string>? Genres { get; init; }

    /// <summary>Tags.</summary>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>Languages.</summary>
    public IReadOnlyList<string>? Languages { get; init; }

    /// <summary>Countries of production, ISO 3166-1 alpha-2.</summary>
    public IReadOnlyList<string>? Countries { get; init; }

    /// <summary>Length in seconds.</summary>
    public int? RuntimeSeconds { get; init; }

    /// <summary>The maturity rating.</summary>
    public string? Maturity { get; init; }

    /// <summary>Cast and crew.</summary>
    public IReadOnlyList<string>? People { get; init; }

    /// <summary>Who owns the rights.</summary>
    public string? Owner { get; init; }

    /// <summary>Only here.</summary>
    public bool? Exclusive { get; init; }

    /// <summary>The series of a season or episode.</summary>
    public string? SeriesId { get; init; }

    /// <summary>The season's number.</summary>
    public int? Season { get; init; }

    /// <summary>The episode's number.</summary>
    public int? Episode { get; init; }

    /// <summary>Where and when it may be shown; absent means everywhere and always.</summary>
    public IReadOnlyList<AvailabilityBody>? Availability { get; init; }

    /// <summary>A description.</summary>
    public string? Description { get; init; }

    public static TitleBody Of(CatalogueEntry entry) =>
        entry.Metadata is { } title ? Of(title) : new TitleBody { TitleId = entry.TitleId, Stub = true };

    public static TitleBody Of(TitleMessage title) => new()
    {
        TitleId = title.TitleId,
        Name = title.Name,
        Kind = TitleKindNames.Of(title.Kind),
        ReleaseDate = title.ReleaseDate,
        ReleaseYear = title.ReleaseYear,
        Genres = ListOrNull.Of(title.Genres),
        Tags = ListOrNull.Of(title.Tags),
        Languages = ListOrNull.Of(title.Languages),
        Countries = ListOrNull.Of(title.Countries),
        RuntimeSeconds = title.RuntimeSeconds,
        Maturity = title.Maturity,
        People = ListOrNull.Of(title.People),
        Owner = title.Owner,
        Exclusive = title.Exclusive,
        SeriesId = title.SeriesId,
        Season = title.Season,
        Episode = title.Episode,
        Availability = ListOrNull.Of(title.Availability, AvailabilityBody.Of),
        Description = title.Description,
    };
}

/// <summary>A country and a time in which a title may be shown.</summary>
/// <param name="Country">ISO 3166-1 alpha-2 code.</param>
/// <param name="From">From this moment on; absent: since ever.</param>
/// <param name="Until">Before this moment; absent: for ever.</param>
internal sealed record AvailabilityBody(string Country, DateTime? From, DateTime? Until)
{
    public static AvailabilityBody Of(AvailabilityWindow window) =>
        new(window.Country, Instant.OrNull(window.From), Instant.OrNull(window.Until));
}
