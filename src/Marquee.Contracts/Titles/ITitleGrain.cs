using System.Collections.Immutable;

namespace Marquee.Contracts.Titles;

/// <summary>One title's live state, summed over all partitions. Key: <c>{tenant}/{titleId}</c>.</summary>
[Alias("marquee.ITitleGrain")]
public interface ITitleGrain : IGrainWithStringKey
{
    /// <summary>Takes over what changed in one partition; answers when the catalogue feed has the new row.</summary>
    [ResponseTimeout("00:00:10"), Alias("Apply")]
    Task Apply(TitleDeltaMessage delta);

    /// <summary>Exact counters and live popularity.</summary>
    [ResponseTimeout("00:00:05"), Alias("GetStatistics")]
    Task<TitleStatisticsMessage> GetStatistics();
}

/// <summary>What changed for one title in one partition's fold, from one version to another.</summary>
/// <remarks>
/// Counts and neighbour weights are differences, popularity is absolute. A delta whose <see cref="FromVersion"/> is 0 is
/// absolute altogether. The receiver applies a delta only if it stands exactly at <see cref="FromVersion"/>.
/// </remarks>
[GenerateSerializer, Immutable, Alias("marquee.title-delta")]
public sealed record TitleDeltaMessage
{
    /// <summary>The partition that folded it.</summary>
    [Id(0)] public required int Partition { get; init; }

    /// <summary>The version that the receiver must stand at; 0 for an absolute one.</summary>
    [Id(1)] public required long FromVersion { get; init; }

    /// <summary>The version after it: one more than the offset of the last event that changed the title; 0 if none ever did.</summary>
    [Id(2)] public required long ToVersion { get; init; }

    /// <summary>Difference of the number of events per type; index = type's number.</summary>
    [Id(3)] public ImmutableArray<long> Counts { get; init; } = [];

    /// <summary>Encoded by the engine: popularity, neighbours, and what the model needs besides.</summary>
    [Id(4)] public ReadOnlyMemory<byte> Statistics { get; init; }

    /// <summary>When the oldest event in it was committed, wall clock, milliseconds since the Unix epoch; for the freshness metric.</summary>
    [Id(5)] public long CommittedAt { get; init; }
}

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
