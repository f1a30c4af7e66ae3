using Marquee.Cluster.Tests.Events;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Three nodes on a store: each answers for all, and the death of one loses nothing.</summary>
public abstract class ThreeNodesTests(ThreeNodes three, ITestOutputHelper output)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_ThroughOneNode_IsReadThroughEveryOther()
    {
        var nodes = three.Cluster.Living.ToArray();
        var (first, others) = (nodes[0], nodes.Skip(1));
        await first.AddTitles(4);
        for (var user = 0; user < 20; user++)
        {
            var posted = await first.Post(new { eventId = "e", userId = $"u{user}", titleId = "t1", type = "like" });
            var after = posted.GetProperty("position").GetString();
            foreach (var node in others)
            {
                Assert.Equal(["e"], await node.History($"u{user}"));
                var slate = await node.Eventually($"v1/users/u{user}/recommendations?after={after}", answer => !answer.GetProperty("degraded").GetBoolean());
                Assert.DoesNotContain("t1", slate.TitleIds());
            }
        }

        foreach (var node in nodes)
        {
            await node.Eventually("v1/titles/t1/stats", stats => stats.GetProperty("counts").GetProperty("like").GetInt64() == 20);
            await node.Eventually("v1/trending?count=3", trending => trending.TitleIds().FirstOrDefault() == "t1");
            await node.Eventually("v1/users/nobody/recommendations?count=4", slate => slate.TitleIds().Length == 4);
        }
    }

    [Fact]
    public async Task Kill_OneOfThreeUnderLoad_EveryAcknowledgedEventCountsExactlyOnce()
    {
        var cluster = three.Cluster;
        var nodes = cluster.Living.ToArray();
        var ledger = new AcknowledgementLedger();
        using var stop = new CancellationTokenSource();
        var producers = Enumerable.Range(0, 6)
            .Select(i => Task.Run(() => new Producer(nodes[i % 3].Http, ledger, i, seed: i).Run(stop.Token)))
            .ToArray();
        await Until(() => ledger.Acknowledged.Count() > 1_000);
        await cluster.KillAsync(nodes[0]);
        var acknowledgedAtKill = ledger.Acknowledged.Count();
        var survivors = nodes[1..];

        // Every partition takes events again: those of the dead node run on the others.
        var clock = System.Diagnostics.Stopwatch.StartNew();
        foreach (var node in survivors)
        {
            await ClusterTests.EventuallyAccepts(node);
        }

        output.WriteLine($"Both survivors took events for all partitions again {clock.Elapsed.TotalSeconds:0.0} s after the kill.");
        var joined = await cluster.AddAsync();
        await Until(() => ledger.Acknowledged.Count() > acknowledgedAtKill + 1_000);
        await stop.CancelAsync();
        await Task.WhenAll(producers);

        var acknowledged = ledger.Acknowledged.Select(sent => sent.EventId).ToHashSet();
        output.WriteLine($"{acknowledgedAtKill} acknowledged at the kill, {acknowledged.Count} at the end, of {ledger.All.Count()} sent.");
        foreach (var node in (NodeProcess[])[.. survivors, joined])
        {
            await ClusterTests.HoldsEachOnce(cluster, node, ledger, acknowledged);
        }
    }

    private static async Task Until(Func<bool> holds)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        while (!holds())
        {
            Assert.True(DateTime.UtcNow < deadline, "The producers got too few acknowledgements in a minute.");
            await Task.Delay(50, Cancellation);
        }
    }
}

public sealed class ThreeNodesOnPostgresTests(ThreeNodesOnPostgres three, ITestOutputHelper output) : ThreeNodesTests(three, output), IClassFixture<ThreeNodesOnPostgres>;

public sealed class ThreeNodesOnAzureTests(ThreeNodesOnAzure three, ITestOutputHelper output) : ThreeNodesTests(three, output), IClassFixture<ThreeNodesOnAzure>;

/// <summary>The cluster that the tests of a class share; each leaves three living nodes behind.</summary>
public abstract class ThreeNodes : IAsyncLifetime
{
    internal NodeCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await NodeCluster.StartAsync(await NewStoreAsync(), 3, ClusterTests.Options);

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected abstract Task<ClusterStore> NewStoreAsync();
}

public sealed class ThreeNodesOnPostgres(SharedServers servers) : ThreeNodes
{
    private protected override async Task<ClusterStore> NewStoreAsync() => ClusterStore.On(await servers.Postgres);
}

public sealed class ThreeNodesOnAzure(SharedServers servers) : ThreeNodes
{
    private protected override async Task<ClusterStore> NewStoreAsync() => ClusterStore.On(await servers.Azurite);
}
