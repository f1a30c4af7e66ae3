using System.Collections;
using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Marquee.Contracts.Recommendations;
using Marquee.Gateway.Json;
using Marquee.Gateway.Titles;

namespace Marquee.Gateway.Recommendations;

/// <summary>The ordered answer for one surface.</summary>
internal sealed record SlateBody
{
    /// <summary>Names the slate; send it back with the events that it leads to.</summary>
    public required string RecommendationId { get; init; }

    /// <summary>The placement.</summary>
    public required string Surface { get; init; }

    /// <summary>The model that ranked.</summary>
    public required string ModelVersion { get; init; }

    /// <summary>The position that the answer covers; null when no event of the viewer is known.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Position { get; init; }

    /// <summary>Where the answer came from: <c>personal</c>, <c>popular</c>, ….</summary>
    public required string Source { get; init; }

    /// <summary>Slower, older or plainer than asked for.</summary>
    public required bool Degraded { get; init; }

    /// <summary>Best first.</summary>
    public required IReadOnlyList<SlateItemBody> Items { get; init; }

    public static SlateBody Of(Slate slate) => new()
    {
        RecommendationId = slate.RecommendationId,
        Surface = slate.Surface,
        ModelVersion = slate.ModelVersion,
        Position = slate.Position?.ToString(),
        Source = slate.Source,
        Degraded = slate.Degraded,
        Items = SlateItemBody.Of(slate.Items),
    };
}

/// <summary>One slot of a slate.</summary>
internal readonly record struct SlateItemBody
{
    /// <summary>The title.</summary>
    public required string TitleId { get; init; }

    /// <summary>From 1.</summary>
    public required int Rank { get; init; }

    /// <summary>The sum of the parts.</summary>
    public required double Score { get; init; }

    /// <summary>Why, for people.</summary>
    public required string Reason { get; init; }

    /// <summary>The title that the reason names, if it names one.</summary>
    public string? BecauseTitleId { get; init; }

    /// <summary>Where the slot came from: <c>ranked</c> or <c>explore</c>.</summary>
    public required string Origin { get; init; }

    /// <summary>The chance with which the slot was given to this title, when it explores.</summary>
    public double? Propensity { get; init; }

    /// <summary>How much of the title has been watched, 0 to 1.</summary>
    public double? WatchedShare { get; init; }

    /// <summary>The named parts of the score; with <c>explain=true</c>.</summary>
    public IReadOnlyList<ScorePartBody>? Parts { get; init; }

    /// <summary>The title's metadata; with <c>metadata=true</c>.</summary>
    public TitleBody? Title { get; init; }

    /// <summary>The slots of a slate, made into bodies one by one as they are written.</summary>
    public static IReadOnlyList<SlateItemBody> Of(ImmutableArray<SlateItem> items) => new SlateItemBodies(items);

    /// <summary>One slot.</summary>
    public static SlateItemBody Of(SlateItem item) => new()
    {
        TitleId = item.TitleId,
        Rank = item.Rank,
        Score = item.Score,
        Reason = item.Reason,
        BecauseTitleId = item.BecauseTitleId,
        Origin = item.Origin,
        Propensity = item.Propensity,
        WatchedShare = item.WatchedShare,
        Parts = ListOrNull.Of(item.Parts, part => new ScorePartBody(part.Name, part.Value, part.TitleId)),
        Title = item.Title is { } title ? TitleBody.Of(title) : null,
    };
}

/// <summary>The slots of a slate as bodies, none of which is kept.</summary>
internal sealed class SlateItemBodies(ImmutableArray<SlateItem> items) : IReadOnlyList<SlateItemBody>
{
    public int Count => items.Length;

    public SlateItemBody this[int index] => SlateItemBody.Of(items[index]);

    public IEnumerator<SlateItemBody> GetEnumerator() => new Enumerator(items);

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private sealed class Enumerator(ImmutableArray<SlateItem> items) : IEnumerator<SlateItemBody>
    {
        private int _next;

        public SlateItemBody Current => SlateItemBody.Of(items[_next - 1]);

        object IEnumerator.Current => Current;

        public bool MoveNext() => _next++ < items.Length;

        public void Reset() => _next = 0;

        public void Dispose()
        {
        }
    }
}

/// <summary>A named part of a score.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Value">What it adds.</param>
/// <param name="TitleId">The title of the viewer's history that it comes from, if it comes from one.</param>
internal sealed record ScorePartBody(string Name, double Value, string? TitleId);
