using System.Runtime.InteropServices;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;

namespace Marquee.Grains.Titles;

/// <summary>Between the wire's and the engine's title statistics. Arrays are shared, not copied: neither side ever writes to them.</summary>
internal static class TitleMapping
{
    public static TitleShareMessage ToMessage(this TitleAccumulator title, int partition, long committedAt) => new()
    {
        Partition = partition,
        Version = title.Version,
        Totals = title.Summarise().ToTotals(),
        CommittedAt = committedAt,
    };

    public static EngagementTotals ToTotals(this TitleSummary summary) => new()
    {
        Counts = ImmutableCollectionsMarshal.AsImmutableArray(summary.Counts),
        EventCount = summary.EventCount,
        Positives = summary.Positives,
        Verdicts = summary.Verdicts,
        Popularity = summary.Popularity.ToMessage(),
        Countries = summary.Countries.Length == 0
            ? []
            : [.. summary.Countries.Select(entry => new CountryPopularityMessage(entry.Key, entry.Value.ToMessage()))],
        FirstEventAt = summary.FirstEventAt,
        LastEventAt = summary.LastEventAt,
    };

    public static TitleSummary ToEngine(this EngagementTotals totals) => new()
    {
        // An older node may know fewer types of events.
        Counts = totals.Counts.Length == TitleSummary.Types
            ? ImmutableCollectionsMarshal.AsArray(totals.Counts)!
            : [.. totals.Counts.Concat(new long[TitleSummary.Types]).Take(TitleSummary.Types)],
        EventCount = totals.EventCount,
        Positives = totals.Positives,
        Verdicts = totals.Verdicts,
        Popularity = totals.Popularity.ToEngine(),
        Countries = totals.Countries.Length == 0
            ? []
            : [.. totals.Countries.Select(entry => KeyValuePair.Create(entry.Country, entry.Popularity.ToEngine()))],
        FirstEventAt = totals.FirstEventAt,
        LastEventAt = totals.LastEventAt,
    };

    public static TitleStatisticsMessage ToStatistics(this TitleSummary summary) => new()
    {
        Counts = ImmutableCollectionsMarshal.AsImmutableArray(summary.Counts),
        Popularity = [summary.Popularity.Short, summary.Popularity.Medium, summary.Popularity.Long],
        UpdatedAt = summary.LastEventAt,
    };

    private static PopularityMessage ToMessage(this in DecayedPopularity popularity)
    {
        var parts = new double[DecayedPopularity.HalfLives];
        popularity.CopyParts(parts);
        return new PopularityMessage(popularity.At, ImmutableCollectionsMarshal.AsImmutableArray(parts));
    }

    private static DecayedPopularity ToEngine(this PopularityMessage popularity) =>
        DecayedPopularity.OfParts(popularity.At, popularity.Parts.AsSpan());
}
