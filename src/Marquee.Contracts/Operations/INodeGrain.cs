using System.Collections.Immutable;
using Marquee.Contracts.Events;

namespace Marquee.Contracts.Operations;

/// <summary>Tells how the node that it runs on is doing; stateless. Key: 0.</summary>
[Alias("marquee.INodeGrain")]
public interface INodeGrain : IGrainWithIntegerKey
{
    /// <summary>Everything an operator looks at first.</summary>
    [ResponseTimeout("00:00:10"), Alias("GetStatus")]
    Task<NodeStatus> GetStatus();
}

/// <summary>How a node is doing.</summary>
[GenerateSerializer, Immutable, Alias("marquee.node-status")]
public sealed record NodeStatus
{
    /// <summary>The node's address in the cluster.</summary>
    [Id(0)] public required string Node { get; init; }

    /// <summary>The product's version.</summary>
    [Id(1)] public required string Version { get; init; }

    /// <summary>When the process started, milliseconds since the Unix epoch.</summary>
    [Id(2)] public required long StartedAt { get; init; }

    /// <summary>Whether the node serves.</summary>
    [Id(3)] public required bool Ready { get; init; }

    /// <summary>Why it does not, or what it is doing ("loading the sample: 43 %").</summary>
    [Id(4)] public string? Activity { get; init; }

    /// <summary><c>sqlite</c>, <c>postgres</c> or <c>azure</c>.</summary>
    [Id(5)] public required string Storage { get; init; }

    /// <summary>The tenant.</summary>
    [Id(6)] public required string Tenant { get; init; }

    /// <summary>The cluster's silos.</summary>
    [Id(7)] public required ImmutableArray<SiloEntry> Silos { get; init; }

    /// <summary>The partitions, in order.</summary>
    [Id(8)] public required ImmutableArray<PartitionStatus> Partitions { get; init; }

    /// <summary>The catalogue replica's version.</summary>
    [Id(9)] public required long CatalogueVersion { get; init; }

    /// <summary>Titles with metadata in the replica.</summary>
    [Id(10)] public required int Titles { get; init; }

    /// <summary>Time since the replica last heard from the feed.</summary>
    [Id(11)] public required double CatalogueAgeMilliseconds { get; init; }

    /// <summary>The published model.</summary>
    [Id(12)] public required string ModelVersion { get; init; }

    /// <summary>Commit → visible in the replica's rows: median, 99th percentile (milliseconds) and number of samples of the last minute.</summary>
    [Id(13)] public required Latency Freshness { get; init; }

    /// <summary>Events accepted since the start.</summary>
    [Id(14)] public required long EventsAccepted { get; init; }

    /// <summary>Duplicates dropped since the start.</summary>
    [Id(15)] public required long EventsDuplicate { get; init; }

    /// <summary>Events accepted per second over the last ten seconds.</summary>
    [Id(16)] public required double EventsPerSecond { get; init; }

    /// <summary>Slates served since the start.</summary>
    [Id(17)] public required long Recommendations { get; init; }

    /// <summary>Slates per second over the last ten seconds.</summary>
    [Id(18)] public required double RecommendationsPerSecond { get; init; }

    /// <summary>Time of a slate inside the node.</summary>
    [Id(19)] public required Latency RecommendationLatency { get; init; }

    /// <summary>The stream's clock, milliseconds since the Unix epoch.</summary>
    [Id(20)] public required long StreamTime { get; init; }
}

/// <summary>One silo of the cluster.</summary>
/// <param name="Address">Its address.</param>
/// <param name="Status">What the cluster takes it for.</param>
/// <param name="StartedAt">When it started, milliseconds since the Unix epoch.</param>
/// <param name="Viewers">How many viewers are active on it; null when it does not say.</param>
/// <param name="Titles">How many titles are active on it; null when it does not say.</param>
[GenerateSerializer, Immutable, Alias("marquee.silo-entry")]
public sealed record SiloEntry(
    [property: Id(0)] string Address,
    [property: Id(1)] string Status,
    [property: Id(2)] long StartedAt,
    [property: Id(3)] int? Viewers = null,
    [property: Id(4)] int? Titles = null);

/// <summary>A distribution of times.</summary>
/// <param name="P50Milliseconds">The median.</param>
/// <param name="P99Milliseconds">The 99th percentile.</param>
/// <param name="Samples">How many were measured.</param>
[GenerateSerializer, Immutable, Alias("marquee.latency")]
public sealed record Latency(
    [property: Id(0)] double P50Milliseconds,
    [property: Id(1)] double P99Milliseconds,
    [property: Id(2)] long Samples);
