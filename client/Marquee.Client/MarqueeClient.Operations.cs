using Marquee.Client.Operations;

namespace Marquee.Client;

public sealed partial class MarqueeClient
{
    /// <summary>How the node is doing.</summary>
    public async Task<NodeStatus> GetStatusAsync(CancellationToken cancellationToken = default) =>
        (await GetAsync("v1/status", MarqueeJson.Default.NodeStatus, cancellationToken).ConfigureAwait(false)).Answer;
}
