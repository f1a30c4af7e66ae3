namespace Marquee.Grains.Operations;

/// <summary>Whether the node serves, and what it is doing if not. Thread-safe.</summary>
public sealed class NodeState(TimeProvider time)
{
    private volatile string? _activity = "starting";
    private volatile string? _hindrance;

    /// <summary>When the process started, milliseconds since the Unix epoch.</summary>
    public long StartedAt { get; } = time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether the node serves.</summary>
    public bool IsReady => Activity is null;

    /// <summary>What it is doing before it serves, or again; null when it serves.</summary>
    public string? Activity => _activity ?? _hindrance;

    /// <summary>The store's name, for the status.</summary>
    public string Storage { get; set; } = "none";

    /// <summary>Says what the node is doing before it serves.</summary>
    public void NotReady(string activity) => _activity = activity;

    /// <summary>The node serves, unless something hinders it.</summary>
    public void Ready() => _activity = null;

    /// <summary>Says what a node that would serve is doing before it serves again; null when nothing hinders it.</summary>
    public void Hinder(string? activity) => _hindrance = activity;
}
