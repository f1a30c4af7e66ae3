namespace Marquee.Gateway.Operations;

/// <summary>Whether this node should get traffic.</summary>
public interface IReadiness
{
    /// <summary>The node serves.</summary>
    bool Ready { get; }

    /// <summary>Why it does not, for operators; null when it does.</summary>
    string? Reason { get; }
}

/// <summary>Ready as soon as it listens.</summary>
internal sealed class AlwaysReady : IReadiness
{
    public bool Ready => true;

    public string? Reason => null;
}
