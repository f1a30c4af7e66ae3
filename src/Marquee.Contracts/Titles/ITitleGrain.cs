using System.Collections.Immutable;

namespace Marquee.Contracts.Titles;

/// <summary>One title's live state, summed over all partitions. Key: <c>{tenant}/{titleId}</c>.</summary>
[Alias("marquee.ITitleGrain")]
public interface ITitleGrain : IGrainWithStringKey
{
    /// <summary>Takes over what partitions hold of the title, and answers with its row as it is then.</summary>
    [ResponseTimeout("00:00:10"), Alias("Apply")]
    Task<TitleRowMessage> Apply(ImmutableArray<TitleShareMessage> shares);

    /// <summary>Exact counters and live popularity.</summary>
    [ResponseTimeout("00:00:05"), Alias("GetStatistics")]
    Task<TitleStatisticsMessage> GetStatistics();
}

/// <summary>Everything that one partition's fold holds of one title, except its neighbours.</summary>
/// <remarks>Absolute: of two shares of a partition the one with the larger version holds, whatever was lost or came late.</remarks>
[GenerateSerializer, Immutable, Alias("marquee.title-share")]
public sealed record TitleShareMessage
{
    /// <summary>The partition that folded it.</summary>
    [Id(0)] public required int Partition { get; init; }

    /// <summary>One more than the offset of the last event in it.</summary>
    [Id(1)] public required long Version { get; init; }

    /// <summary>The engagement.</summary>
    [Id(2)] public required EngagementTotals Totals { get; init; }

    /// <summary>When the oldest event that was not handed over before was committed, wall clock, milliseconds since the Unix epoch; 0 if unknown. For the freshness metric.</summary>
    [Id(3)] public long CommittedAt { get; init; }
}

/// <summary>What partitions hold of a title that changed.</summary>
/// <param name="TitleId">The title.</param>
/// <param name="Shares">What each of them holds.</param>
[GenerateSerializer, Immutable, Alias("marquee.title-change")]
public sealed record TitleChangeMessage(
    [property: Id(0)] string TitleId,
    [property: Id(1)] ImmutableArray<TitleShareMessage> Shares);

/// <summary>What became of titles that changed.</summary>
/// <param name="Missed">Those that did not take over what changed, or whose rows the catalogue feed did not.</param>
/// <param name="Feed">The activation of the feed that was there before the rows were sent: it has them, or a later one. 0 when it did not answer.</param>
[GenerateSerializer, Immutable, Alias("marquee.titles-published")]
public sealed record TitlesPublished(
    [property: Id(0)] ImmutableArray<string> Missed,
    [property: Id(1)] long Feed);

/// <summary>A title's live counters.</summary>
[GenerateSerializer, Immutable, Alias("marquee.title-statistics")]
public sealed record TitleStatisticsMessage
{
    /// <summary>Events per type since the title exists; index = type's number.</summary>
    [Id(0)] public required ImmutableArray<long> Counts { get; init; }

    /// <summary>Decayed positives, half-life short, medium, long, at <see cref="UpdatedAt"/>.</summary>
    [Id(1)] public required ImmutableArray<double> Popularity { get; init; }

    /// <summary>Event time of the newest event, milliseconds since the Unix epoch; 0 when there was none.</summary>
    [Id(2)] public required long UpdatedAt { get; init; }
}
