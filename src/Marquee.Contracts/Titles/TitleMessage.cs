using System.Collections.Immutable;

namespace Marquee.Contracts.Titles;

/// <summary>What kind of title it is.</summary>
[GenerateSerializer, Alias("marquee.title-kind")]
public enum TitleKind : byte
{
    /// <summary>A film.</summary>
    Film = 0,

    /// <summary>A series as a whole.</summary>
    Series = 1,

    /// <summary>A season of a series.</summary>
    Season = 2,

    /// <summary>An episode of a season.</summary>
    Episode = 3,
}

/// <summary>A title's metadata, as the catalogue's log keeps it.</summary>
[GenerateSerializer, Immutable, Alias("marquee.title")]
public sealed record TitleMessage
{
    /// <summary>The id, unique in the tenant.</summary>
    [Id(0)] public required string TitleId { get; init; }

    /// <summary>The name to show.</summary>
    [Id(1)] public required string Name { get; init; }

    /// <summary>Film, series, season or episode.</summary>
    [Id(2)] public TitleKind Kind { get; init; }

    /// <summary>The day of release.</summary>
    [Id(3)] public DateOnly? ReleaseDate { get; init; }

    /// <summary>The year of release; that of <see cref="ReleaseDate"/> when only that was given.</summary>
    [Id(4)] public int? ReleaseYear { get; init; }

    /// <summary>Genres.</summary>
    [Id(5)] public ImmutableArray<string> Genres { get; init; } = [];

    /// <summary>Tags.</summary>
    [Id(6)] public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Languages.</summary>
    [Id(7)] public ImmutableArray<string> Languages { get; init; } = [];

    /// <summary>Countries of production.</summary>
    [Id(8)] public ImmutableArray<string> Countries { get; init; } = [];

    /// <summary>Length in seconds.</summary>
    [Id(9)] public int? RuntimeSeconds { get; init; }

    /// <summary>The maturity rating, for example <c>PG-13</c>.</summary>
    [Id(10)] public string? Maturity { get; init; }

    /// <summary>Cast and crew.</summary>
    [Id(11)] public ImmutableArray<string> People { get; init; } = [];

    /// <summary>Who owns the rights.</summary>
    [Id(12)] public string? Owner { get; init; }

    /// <summary>Only here.</summary>
    [Id(13)] public bool? Exclusive { get; init; }

    /// <summary>The series of a season or episode.</summary>
    [Id(14)] public string? SeriesId { get; init; }

    /// <summary>The season's number.</summary>
    [Id(15)] public int? Season { get; init; }

    /// <summary>The episode's number.</summary>
    [Id(16)] public int? Episode { get; init; }

    /// <summary>Where and when it may be shown; empty means everywhere and always.</summary>
    [Id(17)] public ImmutableArray<AvailabilityWindow> Availability { get; init; } = [];

    /// <summary>A description.</summary>
    [Id(18)] public string? Description { get; init; }
}

/// <summary>A country and a time in which a title may be shown.</summary>
/// <param name="Country">Upper-case ISO 3166-1 alpha-2 code.</param>
/// <param name="From">From this moment on, milliseconds since the Unix epoch; null: since ever.</param>
/// <param name="Until">Before this moment; null: for ever.</param>
[GenerateSerializer, Immutable, Alias("marquee.availability-window")]
public sealed record AvailabilityWindow(
    [property: Id(0)] string Country,
    [property: Id(1)] long? From,
    [property: Id(2)] long? Until);
