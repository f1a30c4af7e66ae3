namespace Marquee.Client.Operations;

/// <summary>How a node is doing. What a node does not tell is null, empty or 0.</summary>
public sealed record NodeStatus
{
    /// <summary>The node's address in the cluster.</summary>
    public string? Node { get; init; }

    /// <summary>The product's version.</summary>
    public string? Version { get; init; }

    /// <summary>When the process started.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>Whether the node serves.</summary>
    public bool Ready { get; init; }

    /// <summary>What it is doing while it is not ready.</summary>
    public string? Activity { get; init; }

    /// <summary><c>sqlite</c>, <c>postgres</c> or <c>azure</c>.</summary>
    public string? Storage { get; init; }

    /// <summary>The tenant.</summary>
    public string? Tenant { get; init; }

    /// <summary>The cluster's silos.</summary>
    public IReadOnlyList<SiloStatus> Silos { get; init => field = value ?? []; } = [];

    /// <summary>The log's partitions, in order.</summary>
    public IReadOnlyList<PartitionStatus> Partitions { get; init => field = value ?? []; } = [];

    /// <summary>The node's replica of the catalogue.</summary>
    public CatalogueStatus Catalogue { get; init => field = value ?? new(); } = new();

    /// <summary>Time from an event's commit to its being visible in the catalogue's rows.</summary>
    public LatencySummary Freshness { get; init => field = value ?? new(); } = new();

    /// <summary>Events since the start.</summary>
    public EventCounters Events { get; init => field = value ?? new(); } = new();

    /// <summary>Slates since the start.</summary>
    public RecommendationCounters Recommendations { get; init => field = value ?? new(); } = new();

    /// <summary>The operating system's view of the process.</summary>
    public ProcessCounters Process { get; init => field = value ?? new(); } = new();
}

/// <summary>One silo of the cluster.</summary>
public sealed record SiloStatus
{
    /// <summary>Its address.</summary>
    public string? Address { get; init; }

    /// <summary>Its state in the membership table, for example <c>Active</c>.</summary>
    public string? Status { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset? StartedAt { get; init; }
}

/// <summary>One partition of the log.</summary>
public sealed record PartitionStatus
{
    /// <summary>The partition, from 0.</summary>
    public int Partition { get; init; }

    /// <summary>The epoch of its writer.</summary>
    public long Epoch { get; init; }

    /// <summary>The next offset.</summary>
    public long Offset { get; init; }

    /// <summary>What its snapshot covers; null before the first one.</summary>
    public long? SnapshotOffset { get; init; }

    /// <summary>The oldest offset that the log retains.</summary>
    public long FirstOffset { get; init; }

    /// <summary>Events that are not yet in the catalogue's rows.</summary>
    public long Lag { get; init; }

    /// <summary>Viewers whose grain has not yet been told of their newest events.</summary>
    public int UndeliveredUsers { get; init; }

    /// <summary>For example <c>open</c>.</summary>
    public string? State { get; init; }

    /// <summary>The silo that runs it; empty when it does not answer.</summary>
    public string? Silo { get; init; }
}

/// <summary>The node's replica of the catalogue.</summary>
public sealed record CatalogueStatus
{
    /// <summary>Grows with each change.</summary>
    public long Version { get; init; }

    /// <summary>Titles with metadata.</summary>
    public int Titles { get; init; }

    /// <summary>Time since the replica last heard from the feed.</summary>
    public double? AgeMilliseconds { get; init; }

    /// <summary>The published model.</summary>
    public string? ModelVersion { get; init; }

    /// <summary>The stream's clock: the newest event time seen.</summary>
    public DateTimeOffset? StreamTime { get; init; }
}
