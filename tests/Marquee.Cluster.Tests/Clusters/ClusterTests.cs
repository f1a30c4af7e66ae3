using System.Net;
using System.Net.Http.Json;
using Marquee.Cluster.Tests.Events;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Azure;
using Marquee.Cluster.Tests.Storage.Postgres;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Tests.Fixtures;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Clusters whose store goes away, or was made by an earlier version.</summary>
public sealed class ClusterTests(SharedServers servers)
{
    internal const int Partitions = 12;

    internal static readonly string[] Options = [$"--Marquee:Partitions={Partitions}", "--Marquee:CheckpointEvents=300", "--Marquee:Training=false"];

    private static readonly string[] StoredOptions = ["--Marquee:Sample=none", "--Marquee:Training=false", "--Marquee:Partitions=2"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PostgresDown_WritesAreRefusedWithRetryAfterAndReadsAnswered_ThenItGoesOn()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(server), 2, Options);
        await RefusesWhileDownAndGoesOn(cluster, server.CrashAsync, server.StartAgainAsync, PostgresServer.Password);
    }

    [Fact]
    public async Task AzureDown_WritesAreRefusedWithRetryAfterAndReadsAnswered_ThenItGoesOn()
    {
        await using var server = await AzuriteServer.StartAsync(isKept: true);
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(server), 2, Options);
        await RefusesWhileDownAndGoesOn(cluster, server.StopAsync, server.StartAgainAsync, AzuriteServer.Key);
    }

    /// <remarks>The dump holds a snapshot of each partition, what came after it, and a node that was killed.</remarks>
    [Fact]
    public async Task Start_OnARestoredDumpOfFormat1_AnswersAsTheNodeDidThen()
    {
        var connection = await PostgresStores.RestoreStoredAsync(await servers.Postgres);
        await using var node = new NodeProcess(["--Marquee:Storage=postgres", $"--Marquee:Connection={connection}", .. StoredOptions]);
        await AnswersAsThen(node);
    }

    /// <remarks>The blobs hold snapshots, what came after them, and what a node left that was killed.</remarks>
    [Fact]
    public async Task Start_OnRestoredBlobsOfFormat1_AnswersAsTheNodeDidThen()
    {
        var connection = await AzureStores.RestoreStoredAsync(await servers.Azurite);
        await using var node = new NodeProcess(["--Marquee:Storage=azure", $"--Marquee:Connection={connection}", .. StoredOptions]);
        await AnswersAsThen(node);
    }

    /// <remarks>The directory holds the same, most of it in the write-ahead logs of a node that was killed.</remarks>
    [Fact]
    public async Task Start_OnADirectoryOfFormat1_AnswersAsTheNodeDidThen()
    {
        await using var node = new NodeProcess(StoredOptions);
        await StoredFiles.UnpackAsync("sqlite-1.zip", node.DataDirectory);
        await AnswersAsThen(node);
    }

    [Theory]
    [InlineData(
        "--Marquee:Storage=postgres --Marquee:Connection=Password=se;cret;Host=h --Marquee:Membership=redis --Marquee:Advertise=everywhere --Marquee:SiloPort=70000",
        "--Marquee:Connection --Marquee:Redis --Marquee:Advertise --Marquee:SiloPort")]
    [InlineData(
        "--Marquee:Storage=azure --Marquee:Connection=AccountName=films;AccountKey=secret! --Marquee:Membership=postgres --Marquee:Partitions=0 --Marquee:Tenant=..",
        "--Marquee:Connection --Marquee:Membership --Marquee:Partitions --Marquee:Tenant")]
    [InlineData(
        "--Marquee:Storage=sqlite --Marquee:Connection=secret --Marquee:Cluster=films --Marquee:SiloPort=11111",
        "--Marquee:Connection --Marquee:Cluster --Marquee:SiloPort --Marquee:Storage=postgres or azure")]
    [InlineData("--Marquee:Storage=embedded", "--Marquee:Storage --sqlite or postgres or azure")]
    public async Task Start_WithWrongOptions_NamesEveryMistakeAndNoSecret(string options, string named)
    {
        await using var node = new NodeProcess(options.Split(' '));
        node.StartProcess();
        Assert.Equal(2, await node.WaitForExit(TimeSpan.FromSeconds(60)));
        Assert.All(named.Split(" --"), option => Assert.Contains(option, node.Output, StringComparison.Ordinal));
        Assert.DoesNotContain("cret", node.Output, StringComparison.Ordinal);
    }

    private static async Task AnswersAsThen(NodeProcess node)
    {
        await node.Start();
        Assert.Equal(["e6", "e5", "e4", "e1"], await node.History("ada"));
        Assert.Equal(["e3", "e2"], await node.History("bob"));
        var moon = await node.Eventually("v1/titles/moon/stats", stats => stats.GetProperty("counts").GetProperty("impression").GetInt64() == 2);
        Assert.Equal(1, moon.GetProperty("counts").GetProperty("complete").GetInt64());
        Assert.Equal("Moon", (await node.Get("v1/titles/moon")).GetProperty("name").GetString());
        Assert.Equal(1, (await node.Post(new { eventId = "e7", userId = "cy", titleId = "moon", type = "impression" })).GetProperty("duplicates").GetInt32());
    }

    private static async Task RefusesWhileDownAndGoesOn(NodeCluster cluster, Func<Task> stop, Func<Task> start, string secret)
    {
        var node = cluster.Nodes[1];
        await node.AddTitles(4);
        await node.Post(new { eventId = "before", userId = "u", titleId = "t1", type = "like" });
        await stop();
        for (var i = 0; i < 3; i++)
        {
            using var refused = await node.Http.PostAsJsonAsync("v1/events", new[] { new { eventId = "during", userId = "u", titleId = "t2", type = "like" } }, Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.Equal(["before"], await node.History("u"));
        }

        Assert.NotEmpty((await node.Get("v1/users/u/recommendations")).TitleIds());
        await start();
        await EventuallyAccepts(node);
        await node.Post(new { eventId = "during", userId = "u", titleId = "t2", type = "like" });
        Assert.Equal(["during", "before"], (await node.History("u")).Where(id => id is "during" or "before"));
        foreach (var member in cluster.Nodes)
        {
            Assert.DoesNotContain(secret, member.Output, StringComparison.Ordinal);
        }
    }

    /// <summary>Posts one event for each of many users, so that each partition gets some, until all are taken at once.</summary>
    internal static async Task EventuallyAccepts(NodeProcess node)
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
    /// <remarks>Events that nobody acknowledged may still be written while this reads: until both agree, both are read again.</remarks>
    internal static async Task HoldsEachOnce(NodeCluster cluster, NodeProcess node, AcknowledgementLedger ledger, HashSet<string> acknowledged)
    {
        var deadline = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var held = await ReadHistories(node, ledger);
            var heldIds = held.Select(entry => entry.EventId).ToHashSet();
            Assert.Equal(held.Count, heldIds.Count);
            var missing = ledger.All.Where(sent => acknowledged.Contains(sent.EventId) && !heldIds.Contains(sent.EventId)).ToArray();
            Assert.True(missing.Length == 0, $"{missing.Length} acknowledged events are missing: {await MissingEvents.Describe(cluster.Store, Partitions, cluster.Living, missing)}");
            Assert.Empty(heldIds.Except(ledger.All.Select(sent => sent.EventId)));
            var wrong = await WrongCounts(node, held);
            if (wrong.Count == 0)
            {
                return;
            }

            Assert.True(DateTime.UtcNow < deadline, $"Counts are not those of the histories: {string.Join("; ", wrong)}");
            await Task.Delay(250, Cancellation);
        }
    }

    private static async Task<List<SentEvent>> ReadHistories(NodeProcess node, AcknowledgementLedger ledger)
    {
        var held = new List<SentEvent>();
        foreach (var user in ledger.All.Select(sent => sent.UserId).Distinct())
        {
            string? cursor = null;
            do
            {
                var page = await node.CurrentHistory(user, cursor);
                held.AddRange(page.GetProperty("events").EnumerateArray().Select(entry => new SentEvent(
                    entry.GetProperty("eventId").GetString()!, user, entry.GetProperty("titleId").GetString()!, entry.GetProperty("type").GetString()!)));
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);
        }

        return held;
    }

    private static async Task<List<string>> WrongCounts(NodeProcess node, List<SentEvent> held)
    {
        var wrong = new List<string>();
        foreach (var title in held.GroupBy(entry => entry.TitleId))
        {
            var stats = await node.Eventually($"v1/titles/{title.Key}/stats", _ => true);
            wrong.AddRange(
                from count in stats.GetProperty("counts").EnumerateObject()
                let expected = title.Count(entry => entry.Type == count.Name)
                where count.Value.GetInt64() != expected
                select $"{title.Key} has {count.Value} {count.Name}, its viewers {expected}");
        }

        return wrong;
    }
}
