using System.Collections.Immutable;

namespace Marquee.Contracts.Titles;

/// <summary>A title's engagement, in one partition or summed over all.</summary>
[GenerateSerializer, Immutable, Alias("marquee.engagement-totals")]
public sealed record EngagementTotals
{
    /// <summary>Events per type since the title exists; index = type's number.</summary>
    [Id(0)] public required ImmutableArray<long> Counts { get; init; }

    /// <summary>All events since the title exists.</summary>
    [Id(1)] public required long EventCount { get; init; }

    /// <summary>How many times the title became a new positive of a viewer.</summary>
    [Id(2)] public required long Positives { get; init; }

    /// <summary>How many events were verdicts on the title, good or bad.</summary>
    [Id(3)] public required long Verdicts { get; init; }

    /// <summary>Decayed positives.</summary>
    [Id(4)] public required PopularityMessage Popularity { get; init; }

    /// <summary>Decayed positives per country.</summary>
    [Id(5)] public ImmutableArray<CountryPopularityMessage> Countries { get; init; } = [];

    /// <summary>Event time of the first event, milliseconds since the Unix epoch.</summary>
    [Id(6)] public required long FirstEventAt { get; init; }

    /// <summary>Event time of the newest event, milliseconds since the Unix epoch.</summary>
    [Id(7)] public required long LastEventAt { get; init; }
}

/// <summary>Positives that halve with event time, one sum per half-life, in the engine's own terms.</summary>
/// <param name="At">The time of the newest positive, milliseconds since the Unix epoch.</param>
/// <param name="Parts">The sums as the engine keeps them.</param>
[GenerateSerializer, Immutable, Alias("marquee.popularity")]
public readonly record struct PopularityMessage([property: Id(0)] long At, [property: Id(1)] ImmutableArray<double> Parts);

/// <summary>A country's share of a title's positives.</summary>
/// <param name="Country">Upper-case ISO 3166-1 alpha-2 code.</param>
/// <param name="Popularity">Decayed positives there.</param>
[GenerateSerializer, Immutable, Alias("marquee.country-popularity")]
public readonly record struct CountryPopularityMessage([property: Id(0)] string Country, [property: Id(1)] PopularityMessage Popularity);

/// <summary>A title's live row as its grain computes it.</summary>
[GenerateSerializer, Immutable, Alias("marquee.title-row")]
public sealed record TitleRowMessage
{
    /// <summary>The title.</summary>
    [Id(0)] public required string TitleId { get; init; }

    /// <summary>Its engagement over all partitions; one with fewer events never replaces one with more.</summary>
    [Id(1)] public required EngagementTotals Totals { get; init; }

    /// <summary>When the oldest event in the change was committed, wall clock, milliseconds since the Unix epoch; 0 if unknown.</summary>
    [Id(2)] public long CommittedAt { get; init; }
}
