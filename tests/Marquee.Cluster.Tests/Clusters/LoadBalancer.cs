using System.Net;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>What an operator puts in front of a cluster: spreads requests over the nodes that say they are ready. Repeats none.</summary>
internal sealed class LoadBalancer : DelegatingHandler
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);

    private readonly NodeCluster _cluster;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _checking;
    private volatile NodeProcess[] _ready = [];
    private uint _next;

    public LoadBalancer(NodeCluster cluster)
        : base(new SocketsHttpHandler())
    {
        _cluster = cluster;
        _checking = Task.Run(Check);
    }

    /// <summary>Completes when as many nodes are ready.</summary>
    public async Task UntilReady(int nodes)
    {
        while (_ready.Length < nodes)
        {
            await Task.Delay(50, _stop.Token);
        }
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var ready = _ready;
        var node = ready[Interlocked.Increment(ref _next) % (uint)ready.Length];
        request.RequestUri = new Uri(node.Address, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stop.Cancel();
            _checking.Wait();
            _stop.Dispose();
        }

        base.Dispose(disposing);
    }

    private async Task Check()
    {
        while (!_stop.IsCancellationRequested)
        {
            var nodes = _cluster.Living.ToArray();
            var ready = await Task.WhenAll(nodes.Select(IsReady));
            _ready = [.. nodes.Where((_, i) => ready[i])];
            await Task.Delay(CheckInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReady(NodeProcess node)
    {
        try
        {
            using var answer = await node.Http.GetAsync("health/ready", _stop.Token);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return false;
        }
    }
}
