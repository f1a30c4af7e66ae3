using Marquee.Gateway.Operations;
using Marquee.Grains.Operations;

namespace Marquee.Silo;

/// <summary>Tells the gateway whether the node serves.</summary>
public sealed class NodeReadiness(NodeState node) : IReadiness
{
    /// <inheritdoc/>
    public bool Ready => node.IsReady;

    /// <inheritdoc/>
    public string? Reason => node.Activity;
}
