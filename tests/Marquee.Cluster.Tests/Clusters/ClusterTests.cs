using System.Net;
using System.Net.Http.Json;
using Marquee.Cluster.Tests.Events;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Three nodes on PostgreSQL: each answers for all, and the death of one loses nothing.</summary>
public sealed class ClusterTests(SharedServers servers, ITestOutputHelper output)
{
    private static readonly string[] Options = ["--Marquee:Partitions=12", "--Marquee:CheckpointEvents=300", "--Marquee:Training=false"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_ThroughOneNode_IsReadThroughEveryOther()
    {
        await using var cluster = await NodeCluster.StartAsync(await servers.Postgres, 3, Options);
        var (first, others) = (cluster.Nodes[0], cluster.Nodes.Skip(1));
        await first.AddTitles(4);
        for (var user = 0; user < 20; user++)
        {
            var posted = await first.Post(new { eventId = "e", userId = $"u{user}", titleId = "t1", type = "like" });
            var after = posted.GetProperty("position").GetString();
            foreach (var node in others)
            {
                Assert.Equal(["e"], await node.History($"u{user}"));
                Assert.DoesNotContain("t1", (await node.Get($"v1/users/u{user}/recommendations?after={after}")).TitleIds());
            }
        }

        foreach (var node in cluster.Nodes)
        {
            await node.Eventually("v1/titles/t1/stats", stats => stats.GetProperty("counts").GetProperty("like").GetInt64() == 20);
            await node.Eventually("v1/trending?count=3", trending => trending.TitleIds().FirstOrDefault() == "t1");
            await node.Eventually("v1/users/nobody/recommendations?count=4", slate => slate.TitleIds().Length == 4);
        }
    }

    [Fact]
    public async Task Kill_OneOfThreeUnderLoad_EveryAcknowledgedEventCountsExactlyOnce()
    {
        await using var cluster = await NodeCluster.StartAsync(await servers.Postgres, 3, Options);
        var ledger = new AcknowledgementLedger();
        using var stop = new CancellationTokenSource();
        var producers = Enumerable.Range(0, 6)
            .Select(i => Task.Run(() => new Producer(cluster.Nodes[i % 3].Http, ledger, i, seed: i).Run(stop.Token)))
            .ToArray();
        await Until(() => ledger.Acknowledged.Count() > 1_000);
        await cluster.Nodes[0].Kill();
        var acknowledgedAtKill = ledger.Acknowledged.Count();
        var survivors = cluster.Nodes.Skip(1).ToArray();

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
            await HoldsEachOnce(node, ledger, acknowledged);
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

    private static async Task HoldsEachOnce(NodeProcess node, AcknowledgementLedger ledger, HashSet<string> acknowledged)
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
        Assert.Empty(acknowledged.Except(heldIds));
        Assert.Empty(heldIds.Except(ledger.All.Select(sent => sent.EventId)));
        foreach (var title in held.GroupBy(entry => entry.TitleId))
        {
            await node.Eventually($"v1/titles/{title.Key}/stats", stats => stats.GetProperty("counts").EnumerateObject()
                .All(count => count.Value.GetInt64() == title.Count(entry => entry.Type == count.Name)));
        }
    }
}
