using Marquee.Contracts.Events;
using Marquee.Contracts.Operations;
using Marquee.Gateway.Json;

namespace Marquee.Gateway.Operations;

/// <summary>How a node is doing.</summary>
internal sealed record StatusBody
{
    /// <summary>The node's address in the cluster.</summary>
    public required string Node { get; init; }

    /// <summary>The product's version.</summary>
    public required string Version { get; init; }

    /// <summary>When the process started.</summary>
    public required DateTime StartedAt { get; init; }

    /// <summary>Whether the node serves.</summary>
    public required bool Ready { get; init; }

    /// <summary>Why it does not, or what it is doing.</summary>
    public string? Activity { get; init; }

    /// <summary><c>sqlite</c>, <c>postgres</c> or <c>azure</c>.</summary>
    public required string Storage { get; init; }

    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>The cluster's silos.</summary>
    public required IReadOnlyList<SiloBody> Silos { get; init; }

    /// <summary>The partitions of the event log.</summary>
    public required IReadOnlyList<PartitionBody> Partitions { get; init; }

    /// <summary>This node's replica of the catalogue.</summary>
    public required CatalogueBody Catalogue { get; init; }

    /// <summary>Commit of an event → visible in the replica's rows, over the last minute.</summary>
    public required LatencyBody Freshness { get; init; }

    /// <summary>Events at this node.</summary>
    public required EventCountsBody Events { get; init; }

    /// <summary>Slates at this node.</summary>
    public required RecommendationCountsBody Recommendations { get; init; }

    /// <summary>What the process uses.</summary>
    public required ProcessBody Process { get; init; }

    public static StatusBody Of(NodeStatus status, long rejected) => new()
    {
        Node = status.Node,
        Version = status.Version,
        StartedAt = Instant.Of(status.StartedAt),
        Ready = status.Ready,
        Activity = status.Activity,
        Storage = status.Storage,
        Tenant = status.Tenant,
        Silos = [.. status.Silos.Select(silo => new SiloBody(silo.Address, silo.Status, Instant.Of(silo.StartedAt), silo.Viewers, silo.Titles))],
        Partitions = [.. status.Partitions.Select(PartitionBody.Of)],
        Catalogue = new CatalogueBody(status.CatalogueVersion, status.Titles, status.CatalogueAgeMilliseconds, status.ModelVersion, Instant.Of(status.StreamTime)),
        Freshness = new LatencyBody(status.Freshness.P50Milliseconds, status.Freshness.P99Milliseconds, status.Freshness.Samples),
        Events = new EventCountsBody(status.EventsAccepted, status.EventsDuplicate, rejected, status.EventsPerSecond),
        Recommendations = new RecommendationCountsBody(
            status.Recommendations, status.RecommendationsPerSecond, status.RecommendationLatency.P50Milliseconds, status.RecommendationLatency.P99Milliseconds),
        Process = ProcessBody.Now(),
    };
}

/// <summary>One silo of the cluster, and how many viewers and titles are active on it; null when it does not say.</summary>
internal sealed record SiloBody(string Address, string Status, DateTime StartedAt, int? Viewers, int? Titles);

/// <summary>One partition of the event log.</summary>
internal sealed record PartitionBody
{
    /// <summary>Its number.</summary>
    public required int Partition { get; init; }

    /// <summary>The epoch it writes under.</summary>
    public required long Epoch { get; init; }

    /// <summary>The offset that the next event gets.</summary>
    public required long Offset { get; init; }

    /// <summary>A restart replays from here.</summary>
    public required long SnapshotOffset { get; init; }

    /// <summary>The oldest retained offset.</summary>
    public required long FirstOffset { get; init; }

    /// <summary>Events that are not yet in the catalogue's rows.</summary>
    public required long Lag { get; init; }

    /// <summary>Users whose grain has not yet been told of its newest events.</summary>
    public required int UndeliveredUsers { get; init; }

    /// <summary><c>open</c>, or why not.</summary>
    public required string State { get; init; }

    /// <summary>The silo that runs it; empty when it does not answer.</summary>
    public required string Silo { get; init; }

    public static PartitionBody Of(PartitionStatus status) => new()
    {
        Partition = status.Partition,
        Epoch = status.Epoch,
        Offset = status.NextOffset,
        SnapshotOffset = status.SnapshotOffset,
        FirstOffset = status.FirstOffset,
        Lag = status.NextOffset - status.UnpublishedOffset,
        UndeliveredUsers = status.UndeliveredUsers,
        State = status.State,
        Silo = status.Silo,
    };
}

/// <summary>A replica of the catalogue.</summary>
/// <param name="Version">How far it is.</param>
/// <param name="Titles">Titles with metadata.</param>
/// <param name="AgeMilliseconds">Time since it last heard from the feed.</param>
/// <param name="ModelVersion">The published model.</param>
/// <param name="StreamTime">The stream's clock: the newest event time seen.</param>
internal sealed record CatalogueBody(long Version, int Titles, double AgeMilliseconds, string ModelVersion, DateTime StreamTime);

/// <summary>A distribution of times.</summary>
internal sealed record LatencyBody(double P50Milliseconds, double P99Milliseconds, long Samples);

/// <summary>Events since the start, and per second over the last ten.</summary>
internal sealed record EventCountsBody(long Accepted, long Duplicates, long Rejected, double PerSecond);

/// <summary>Slates since the start, and per second over the last ten; time of a slate inside the node.</summary>
internal sealed record RecommendationCountsBody(long Served, double PerSecond, double P50Milliseconds, double P99Milliseconds);

/// <summary>What the process used since its start.</summary>
internal sealed record ProcessBody(double CpuSeconds, long WorkingSetBytes, long AllocatedBytes)
{
    public static ProcessBody Now()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new ProcessBody(process.TotalProcessorTime.TotalSeconds, process.WorkingSet64, GC.GetTotalAllocatedBytes());
    }
}
