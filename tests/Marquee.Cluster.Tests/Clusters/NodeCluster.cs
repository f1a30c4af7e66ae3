using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Real nodes in processes of their own that form one cluster on a store.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    /// <summary>Within this time of being ready a node has its share of partitions, viewers and titles, as <c>docs/operations.md</c> says; so have those who are left when one went.</summary>
    public static readonly TimeSpan ShareTakenWithin = TimeSpan.FromSeconds(90);

    private readonly string[] _options;
    private readonly List<NodeProcess> _gone = [];

    private NodeCluster(int size, ClusterStore store, string[] options)
    {
        (Store, _options) = (store, options);
        Nodes = [.. Enumerable.Range(0, size).Select(_ => new NodeProcess(options))];
    }

    /// <summary>The cluster's store.</summary>
    public ClusterStore Store { get; }

    /// <summary>The nodes, those that are gone too.</summary>
    public List<NodeProcess> Nodes { get; }

    /// <summary>The nodes whose process runs.</summary>
    public IEnumerable<NodeProcess> Living => Nodes.ToArray().Except(_gone.ToArray());

    /// <summary>kill -9 of one node.</summary>
    public Task KillAsync(NodeProcess node)
    {
        _gone.Add(node);
        return node.Kill();
    }

    /// <summary>SIGTERM to one node; completes when its process has ended in order.</summary>
    public async Task StopAsync(NodeProcess node)
    {
        Assert.Equal(0, await node.Stop());
        _gone.Add(node);
    }

    /// <summary>Starts all nodes at once and waits until every one is ready and knows all.</summary>
    /// <param name="store">The store; the cluster is new in it.</param>
    /// <param name="size">How many nodes.</param>
    /// <param name="options">Further options.</param>
    public static async Task<NodeCluster> StartAsync(ClusterStore store, int size, params string[] options)
    {
        var cluster = new NodeCluster(size, store, [.. store.Options, $"--Marquee:Cluster=c{Guid.NewGuid():N}", "--Marquee:Sample=none", .. options]);
        try
        {
            await Task.WhenAll(cluster.Nodes.Select(node => node.Start()));
            foreach (var node in cluster.Nodes)
            {
                await node.Eventually("v1/status", status => ActiveSilos(status) == size);
            }

            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more node.</summary>
    /// <param name="program">The silo's assembly; the one built with these tests when null.</param>
    public async Task<NodeProcess> AddAsync(string? program = null)
    {
        var node = new NodeProcess(_options, program: program);
        Nodes.Add(node);
        await node.Start();
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
    }

    /// <summary>How many silos a node's status names as active.</summary>
    public static int ActiveSilos(JsonElement status) =>
        status.GetProperty("silos").EnumerateArray().Count(silo => silo.GetProperty("status").GetString() == "Active");
}
