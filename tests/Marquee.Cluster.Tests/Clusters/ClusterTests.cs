using System.Net;
using System.Net.Http.Json;
using Marquee.Cluster.Tests.Events;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Postgres;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Three nodes on PostgreSQL: each answers for all, and the death of one loses nothing.</summary>
public sealed class ClusterTests(SharedServers servers, ThreeNodes three, ITestOutputHelper output) : IClassFixture<ThreeNodes>
{
    internal const int Partitions = 12;

    internal static readonly string[] Options = [$"--Marquee:Partitions={Partitions}", "--Marquee:CheckpointEvents=300", "--Marquee:Training=false"];

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
            await EventuallyAccepts(node);
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
            await HoldsEachOnce(cluster, node, ledger, acknowledged);
        }
    }

    [Fact]
    public async Task StoreDown_WritesAreRefusedWithRetryAfterAndReadsAnswered_ThenItGoesOn()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var cluster = await NodeCluster.StartAsync(server, 2, Options);
        var node = cluster.Nodes[1];
        await node.AddTitles(4);
        await node.Post(new { eventId = "before", userId = "u", titleId = "t1", type = "like" });
        await server.CrashAsync();
        for (var i = 0; i < 3; i++)
        {
            using var refused = await node.Http.PostAsJsonAsync("v1/events", new[] { new { eventId = "during", userId = "u", titleId = "t2", type = "like" } }, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal(["before"], await node.History("u"));
        }

        Assert.NotEmpty((await node.Get("v1/users/u/recommendations")).TitleIds());
        await server.StartAgainAsync();
        await EventuallyAccepts(node);
        await node.Post(new { eventId = "during", userId = "u", titleId = "t2", type = "like" });
        Assert.Equal(["during", "before"], (await node.History("u")).Where(id => id is "during" or "before"));
        foreach (var member in cluster.Nodes)
        {
            Assert.DoesNotContain(PostgresServer.Password, member.Output, StringComparison.Ordinal);
        }
    }

    /// <remarks>The dump holds a snapshot of each partition, what came after it, and a node that was killed.</remarks>
    [Fact]
    public async Task Start_OnARestoredDumpOfFormat1_AnswersAsTheNodeDidThen()
    {
        var server = await servers.Postgres;
        var schema = PostgresStores.NewSchema();
        using var stored = new StreamReader(typeof(ClusterTests).Assembly.GetManifestResourceStream("Stored.postgres-1.sql")!);
        var dump = await stored.ReadToEndAsync(Cancellation);
        await server.RunAsync("public", dump.Replace("CREATE SCHEMA marquee", $"CREATE SCHEMA {schema}", StringComparison.Ordinal).Replace("marquee.", $"{schema}.", StringComparison.Ordinal));
        await using var node = new NodeProcess(
            ["--Marquee:Storage=postgres", $"--Marquee:Connection={server.Connection(schema)}", "--Marquee:Sample=none", "--Marquee:Training=false", "--Marquee:Partitions=2"]);
        await node.Start();
        Assert.Equal(["e6", "e5", "e4", "e1"], await node.History("ada"));
        Assert.Equal(["e3", "e2"], await node.History("bob"));
        var moon = await node.Eventually("v1/titles/moon/stats", stats => stats.GetProperty("counts").GetProperty("impression").GetInt64() == 2);
        Assert.Equal(1, moon.GetProperty("counts").GetProperty("complete").GetInt64());
        Assert.Equal("Moon", (await node.Get("v1/titles/moon")).GetProperty("name").GetString());
        Assert.Equal(1, (await node.Post(new { eventId = "e7", userId = "cy", titleId = "moon", type = "impression" })).GetProperty("duplicates").GetInt32());
    }

    [Fact]
    public async Task Start_WithWrongClusterOptions_NamesEveryMistakeAndNoPassword()
    {
        await using var node = new NodeProcess(
            ["--Marquee:Storage=postgres", "--Marquee:Connection=Password=se;cret;Host=h", "--Marquee:Membership=redis", "--Marquee:Advertise=everywhere", "--Marquee:SiloPort=70000"]);
        node.StartProcess();
        Assert.Equal(2, await node.WaitForExit(TimeSpan.FromSeconds(60)));
        foreach (var named in (string[])["--Marquee:Connection", "--Marquee:Redis", "--Marquee:Advertise", "--Marquee:SiloPort"])
        {
            Assert.Contains(named, node.Output, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("cret", node.Output, StringComparison.Ordinal);
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

    /// <summary>Posts one event for each of many users, so that each partition gets some, until all are taken at once.</summary>
    private static async Task EventuallyAccepts(NodeProcess node)
    {
        var deadline = DateTime.UtcNow.AddSeconds(60);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await node.Http.PostAsJsonAsync(
                    "v1/events",
                    Enumerable.Range(0, 100).Select(i => new { eventId = $"probe-{node.Address.Port}", userId = $"probe-{i}", titleId = "probe", type = "impression" }),
                    Cancellation);
                if (answer.StatusCode == HttpStatusCode.Accepted)
                {
                    return;
                }

                Assert.True(DateTime.UtcNow < deadline, $"Still {(int)answer.StatusCode} after a minute: {await answer.Content.ReadAsStringAsync(Cancellation)}\n{node.Output}");
            }
            catch (HttpRequestException) when (DateTime.UtcNow < deadline)
            {
                // The node is not there yet.
            }

            await Task.Delay(100, Cancellation);
        }
    }

    /// <summary>Checks what a node tells of all viewers and titles against what producers know.</summary>
    internal static async Task HoldsEachOnce(NodeCluster cluster, NodeProcess node, AcknowledgementLedger ledger, HashSet<string> acknowledged)
    {
        var held = new List<SentEvent>();
        foreach (var user in ledger.All.Select(sent => sent.UserId).Distinct())
        {
            for (string? cursor = ""; cursor is not null;)
            {
                var page = await node.Get($"v1/users/{user}/history?limit=1000{(cursor.Length == 0 ? "" : $"&cursor={cursor}")}");
                held.AddRange(page.GetProperty("events").EnumerateArray().Select(entry => new SentEvent(
                    entry.GetProperty("eventId").GetString()!, user, entry.GetProperty("titleId").GetString()!, entry.GetProperty("type").GetString()!)));
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            }
        }

        var heldIds = held.Select(entry => entry.EventId).ToHashSet();
        Assert.Equal(held.Count, heldIds.Count);
        var missing = ledger.All.Where(sent => acknowledged.Contains(sent.EventId) && !heldIds.Contains(sent.EventId)).ToArray();
        Assert.True(missing.Length == 0, $"{missing.Length} acknowledged events are missing: {await MissingEvents.Describe(cluster.Connection, Partitions, cluster.Living, missing)}");
        Assert.Empty(heldIds.Except(ledger.All.Select(sent => sent.EventId)));
        foreach (var title in held.GroupBy(entry => entry.TitleId))
        {
            await node.Eventually($"v1/titles/{title.Key}/stats", stats => stats.GetProperty("counts").EnumerateObject()
                .All(count => count.Value.GetInt64() == title.Count(entry => entry.Type == count.Name)));
        }
    }
}

/// <summary>The cluster that the tests of this class share; each leaves three living nodes behind.</summary>
public sealed class ThreeNodes(SharedServers servers) : IAsyncLifetime
{
    internal NodeCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await NodeCluster.StartAsync(await servers.Postgres, 3, ClusterTests.Options);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
