using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;

namespace Marquee.Contracts.Recommendations;

/// <summary>What a front end asks for.</summary>
[GenerateSerializer, Immutable, Alias("marquee.slate-request")]
public sealed record SlateRequest
{
    /// <summary>The placement: <c>top-picks</c>, <c>because-you-watched</c>, <c>trending</c>, <c>new</c>, <c>continue-watching</c>, <c>watch-next</c>, <c>my-list</c> or <c>genre:{name}</c>.</summary>
    [Id(0)] public required string Surface { get; init; }

    /// <summary>How many titles, 1 to 500.</summary>
    [Id(1)] public required int Count { get; init; }

    /// <summary>Upper-case ISO 3166-1 alpha-2 code of the viewer, or null.</summary>
    [Id(2)] public string? Country { get; init; }

    /// <summary>The answer must cover this position, or null.</summary>
    [Id(3)] public LogPosition? After { get; init; }

    /// <summary>Whether each item carries the named parts of its score.</summary>
    [Id(4)] public bool Explain { get; init; }

    /// <summary>Whether each item carries the title's metadata.</summary>
    [Id(5)] public bool Metadata { get; init; }

    /// <summary>Whether no slot may be given to a title of which little is known; a silo that does not know this field explores.</summary>
    [Id(6)] public bool WithoutExploration { get; init; }
}

/// <summary>The ordered answer for one surface.</summary>
[GenerateSerializer, Immutable, Alias("marquee.slate")]
public sealed record Slate
{
    /// <summary>Names the slate for attribution.</summary>
    [Id(0)] public required string RecommendationId { get; init; }

    /// <summary>The placement.</summary>
    [Id(1)] public required string Surface { get; init; }

    /// <summary>The model that ranked.</summary>
    [Id(2)] public required string ModelVersion { get; init; }

    /// <summary>The position that the answer covers; null when no event of the viewer is known.</summary>
    [Id(3)] public LogPosition? Position { get; init; }

    /// <summary><c>personal</c>, <c>popular</c> or what else the answer came from.</summary>
    [Id(4)] public required string Source { get; init; }

    /// <summary>Slower, older or plainer than asked for.</summary>
    [Id(5)] public bool Degraded { get; init; }

    /// <summary>Best first.</summary>
    [Id(6)] public required ImmutableArray<SlateItem> Items { get; init; }
}

/// <summary>One slot of a slate.</summary>
[GenerateSerializer, Immutable, Alias("marquee.slate-item")]
public sealed record SlateItem
{
    /// <summary>The title.</summary>
    [Id(0)] public required string TitleId { get; init; }

    /// <summary>From 1.</summary>
    [Id(1)] public required int Rank { get; init; }

    /// <summary>The sum of the parts.</summary>
    [Id(2)] public required double Score { get; init; }

    /// <summary>For people, for example "Because you watched Gravity".</summary>
    [Id(3)] public required string Reason { get; init; }

    /// <summary>The title that the reason names, if any.</summary>
    [Id(4)] public string? BecauseTitleId { get; init; }

    /// <summary>The named parts of the score; empty unless asked for.</summary>
    [Id(5)] public ImmutableArray<ScorePart> Parts { get; init; } = [];

    /// <summary>The metadata; null unless asked for.</summary>
    [Id(6)] public TitleMessage? Title { get; init; }

    /// <summary>Where the slot came from: <c>ranked</c> or <c>explore</c>.</summary>
    [Id(7)] public string Origin { get; init; } = "ranked";

    /// <summary>How much of the title has been watched, 0 to 1; for continue watching.</summary>
    [Id(8)] public double? WatchedShare { get; init; }

    /// <summary>The chance with which the slot was given to this title, for <c>explore</c>.</summary>
    [Id(9)] public double? Propensity { get; init; }
}

/// <summary>A named part of a score.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Value">What it adds.</param>
/// <param name="TitleId">The title of the history that it comes from, if it comes from one.</param>
[GenerateSerializer, Immutable, Alias("marquee.score-part")]
public sealed record ScorePart(
    [property: Id(0)] string Name,
    [property: Id(1)] double Value,
    [property: Id(2)] string? TitleId);

/// <summary>What a front end asks of the home page.</summary>
[GenerateSerializer, Immutable, Alias("marquee.home-request")]
public sealed record HomeRequest
{
    /// <summary>Titles per row, 1 to 100.</summary>
    [Id(0)] public required int Count { get; init; }

    /// <summary>Upper-case ISO 3166-1 alpha-2 code of the viewer, or null.</summary>
    [Id(1)] public string? Country { get; init; }

    /// <summary>The answer must cover this position, or null.</summary>
    [Id(2)] public LogPosition? After { get; init; }

    /// <summary>Whether each item carries the named parts of its score.</summary>
    [Id(3)] public bool Explain { get; init; }

    /// <summary>Whether each item carries the title's metadata.</summary>
    [Id(4)] public bool Metadata { get; init; }

    /// <summary>Whether no slot may be given to a title of which little is known; a silo that does not know this field explores.</summary>
    [Id(5)] public bool WithoutExploration { get; init; }
}

/// <summary>A home page: ordered rows, no title twice.</summary>
[GenerateSerializer, Immutable, Alias("marquee.home")]
public sealed record Home(
    [property: Id(0)] LogPosition? Position,
    [property: Id(1)] bool Degraded,
    [property: Id(2)] ImmutableArray<HomeRow> Rows);

/// <summary>One row of a home page.</summary>
/// <param name="RowId">Stable name of the row on the page.</param>
/// <param name="Name">For people.</param>
/// <param name="Slate">What stands in it.</param>
[GenerateSerializer, Immutable, Alias("marquee.home-row")]
public sealed record HomeRow(
    [property: Id(0)] string RowId,
    [property: Id(1)] string Name,
    [property: Id(2)] Slate Slate);
