namespace Marquee.Client.Operations;

/// <summary>A distribution of times.</summary>
public sealed record LatencySummary
{
    /// <summary>The median.</summary>
    public double? P50Milliseconds { get; init; }

    /// <summary>The 99th percentile.</summary>
    public double? P99Milliseconds { get; init; }

    /// <summary>How many were measured.</summary>
    public long Samples { get; init; }
}

/// <summary>Events since the start.</summary>
public sealed record EventCounters
{
    /// <summary>New and durable.</summary>
    public long Accepted { get; init; }

    /// <summary>There already.</summary>
    public long Duplicates { get; init; }

    /// <summary>Refused.</summary>
    public long Rejected { get; init; }

    /// <summary>Accepted per second, lately.</summary>
    public double PerSecond { get; init; }
}

/// <summary>Slates since the start.</summary>
public sealed record RecommendationCounters
{
    /// <summary>How many were served.</summary>
    public long Served { get; init; }

    /// <summary>Served per second, lately.</summary>
    public double PerSecond { get; init; }

    /// <summary>Median time inside the node.</summary>
    public double? P50Milliseconds { get; init; }

    /// <summary>99th percentile of the time inside the node.</summary>
    public double? P99Milliseconds { get; init; }
}

/// <summary>The operating system's view of the process.</summary>
public sealed record ProcessCounters
{
    /// <summary>Processor time since the start.</summary>
    public double CpuSeconds { get; init; }

    /// <summary>Resident memory.</summary>
    public long WorkingSetBytes { get; init; }

    /// <summary>Bytes allocated since the start.</summary>
    public long AllocatedBytes { get; init; }
}
