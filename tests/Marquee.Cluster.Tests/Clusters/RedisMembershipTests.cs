using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Postgres;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Nodes that find each other in Redis, while the log and the snapshots are in PostgreSQL.</summary>
public sealed class RedisMembershipTests(SharedServers servers)
{
    [Fact]
    public async Task Kill_OneOfTwoNodes_TheOtherTakesEventsForAllPartitions()
    {
        var server = await servers.Postgres;
        var schema = PostgresStores.NewSchema();
        var redis = await servers.Redis;
        await using var cluster = await NodeCluster.StartAsync(
            ClusterStore.OnPostgres(server.Connection(schema)), 2, [.. ClusterTests.Options, "--Marquee:Membership=redis", $"--Marquee:Redis={redis.Connection}"]);
        var (killed, survivor) = (cluster.Nodes[0], cluster.Nodes[1]);
        await survivor.AddTitles(1);
        await killed.Post([.. Enumerable.Range(0, 50).Select(i => new { eventId = $"before-{i}", userId = $"u{i}", titleId = "t0", type = "like" })]);

        await cluster.KillAsync(killed);

        await ClusterTests.EventuallyAccepts(survivor);
        await survivor.Eventually("v1/status", status => NodeCluster.ActiveSilos(status) == 1, TimeSpan.FromMinutes(1));
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal([$"before-{i}"], await survivor.History($"u{i}"));
        }

        Assert.Equal(0L, await server.RunAsync(schema, "SELECT count(*) FROM membership"));
    }
}
