using Marquee.Client;
using Marquee.Client.Operations;
using Marquee.Contracts.Events;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>Knows which node holds a viewer: that of the viewer's partition, as the nodes' status tells. What it knows may be old: every node serves every viewer, some at the cost of a call to another.</summary>
internal sealed class ViewerPlaces(HttpMessageHandler network, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    /// <summary>Nodes that are not ready, frozen or gone are asked again in the next round.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly HttpMessageInvoker _network = new(network);
    private readonly Dictionary<Uri, string> _silos = [];
    private volatile Places _places = new(string.Empty, []);

    /// <summary>The authority of the node that holds a viewer; null when that is not known.</summary>
    public string? NodeOf(string userId)
    {
        var places = _places;
        return places.Nodes.Length == 0 ? null : places.Nodes[PartitionHash.Of(places.Tenant, userId, places.Nodes.Length)];
    }

    /// <summary>Keeps asking until it is cancelled.</summary>
    /// <param name="nodes">The nodes at a time.</param>
    /// <param name="cancelled">Ends it.</param>
    public async Task RunAsync(Func<IReadOnlyList<Uri>> nodes, CancellationToken cancelled)
    {
        for (var round = 0; !cancelled.IsCancellationRequested; round++)
        {
            await LearnAsync(nodes(), round, cancelled);
            await Task.Delay(Interval, time, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Asks one node after the other, beginning with another each round, until one tells; then those of whose silo nothing is known.</summary>
    public async Task LearnAsync(IReadOnlyList<Uri> nodes, int round, CancellationToken cancelled)
    {
        foreach (var gone in _silos.Keys.Except(nodes).ToArray())
        {
            _silos.Remove(gone);
        }

        NodeStatus? told = null;
        for (var i = 0; i < nodes.Count && told is null; i++)
        {
            told = await AskAsync(nodes[(round + i) % nodes.Count], cancelled);
        }

        if (told is not { Tenant: { } tenant, Partitions.Count: > 0 })
        {
            return;
        }

        // A node that was started again at its address is another silo.
        var running = told.Partitions.Select(partition => partition.Silo).ToHashSet(StringComparer.Ordinal);
        if (running.Except(_silos.Values, StringComparer.Ordinal).Any(silo => silo is { Length: > 0 }))
        {
            foreach (var node in nodes)
            {
                await AskAsync(node, cancelled);
            }
        }

        var nodeOf = _silos.ToLookup(silo => silo.Value, silo => silo.Key.Authority, StringComparer.Ordinal);
        _places = new Places(tenant, [.. told.Partitions.OrderBy(partition => partition.Partition).Select(partition => nodeOf[partition.Silo ?? string.Empty].FirstOrDefault())]);
    }

    /// <inheritdoc/>
    public void Dispose() => _network.Dispose();

    private async Task<NodeStatus?> AskAsync(Uri node, CancellationToken cancelled)
    {
        using var http = new HttpClient(new Borrowed(_network)) { BaseAddress = node, Timeout = Timeout.InfiniteTimeSpan };
        var client = new MarqueeClient(http, new MarqueeClientOptions { RetryBudget = TimeSpan.Zero, AttemptTimeout = Patience, TimeProvider = time });
        try
        {
            var status = await client.GetStatusAsync(cancelled);
            if (status.Node is { Length: > 0 } silo)
            {
                _silos[node] = silo;
            }

            return status;
        }
        catch (Exception exception) when (exception is MarqueeUnavailableException or MarqueeProblemException or OperationCanceledException)
        {
            return null;
        }
    }

    private sealed record Places(string Tenant, string?[] Nodes);

    /// <summary>Lets clients come and go over one network.</summary>
    private sealed class Borrowed(HttpMessageInvoker network) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => network.SendAsync(request, cancellationToken);
    }
}
