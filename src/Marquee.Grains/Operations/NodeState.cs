namespace Marquee.Grains.Operations;

/// <summary>Whether the node serves, and what it is doing if not. Thread-safe.</summary>
public sealed class NodeState(TimeProvider time)
{
    private volatile string? _activity = "starting";

    /// <summary>When the process started, milliseconds since the Unix epoch.</summary>
    public long StartedAt { get; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether the node serves.</summary>
    public bool IsReady => _activity is null;

    /// <summary>What it is doing before it serves; null when it serves.</summary>
    public string? Activity => _activity;

    /// <summary>The store's name, for the status.</summary>
    public string Storage { get; set; } = "none";

    /// <summary>Says what the node is doing before it serves.</summary>
    public void NotReady(string activity) => _activity = activity;

    /// <summary>The node serves.</summary>
    public void Ready() => _activity = null;
}
