using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Postgres;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Real nodes in processes of their own that form one cluster on PostgreSQL.</summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private readonly string[] _options;
    private readonly List<NodeProcess> _gone = [];

    private NodeCluster(int size, string connection, string[] options)
    {
        (Connection, _options) = (connection, options);
        Nodes = [.. Enumerable.Range(0, size).Select(_ => new NodeProcess(options))];
    }

    /// <summary>How to reach the cluster's store.</summary>
    public string Connection { get; }

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

    /// <summary>Starts all nodes at once on a new schema and waits until every one is ready and knows all.</summary>
    /// <param name="server">The store.</param>
    /// <param name="size">How many nodes.</param>
    /// <param name="options">Further options.</param>
    public static async Task<NodeCluster> StartAsync(PostgresServer server, int size, params string[] options)
    {
        var schema = PostgresStores.NewSchema();
        var cluster = new NodeCluster(size, server.Connection(schema), ["--Marquee:Storage=postgres", $"--Marquee:Connection={server.Connection(schema)}", $"--Marquee:Cluster={schema}", "--Marquee:Sample=none", .. options]);
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
    public async Task<NodeProcess> AddAsync()
    {
        var node = new NodeProcess(_options);
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
