using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>A node stands still: its viewers get what another node last answered them, not what everybody gets; and when it goes on too late, it writes nothing.</summary>
public sealed class FrozenNodeTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Viewers = 30;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Frozen_ItsViewersAskANodeThatNeverAnsweredThem_GetWhatAnotherDid()
    {
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(await servers.Postgres), 3, ClusterTests.Options);
        var (asked, other, frozen) = (cluster.Nodes[0], cluster.Nodes[1], cluster.Nodes[2]);
        await asked.AddTitles(20);
        for (var i = 0; i < Viewers; i++)
        {
            await asked.Post(new { eventId = $"e{i}", userId = Viewer(i), titleId = $"t{i % 20}", type = "like" });
        }

        await Task.WhenAll(cluster.Nodes.Select(node => node.Eventually("v1/titles/t1/stats", stats => stats.GetProperty("counts").GetProperty("like").GetInt64() == 2)));
        var known = await Task.WhenAll(Enumerable.Range(0, Viewers).Select(i => Slate(asked, i)));
        Assert.All(known, slate => Assert.Equal("personal", slate.GetProperty("source").GetString()));

        await frozen.Freeze();
        try
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, Viewers).Select(i => Slate(other, i)));
            var ofOthers = Enumerable.Range(0, Viewers).Where(i => answers[i].GetProperty("source").GetString() == "cached").ToArray();
            Assert.NotEmpty(ofOthers);
            Assert.All(ofOthers, i => Assert.Equal(known[i].GetProperty("recommendationId").GetString(), answers[i].GetProperty("recommendationId").GetString()));
            Assert.All(ofOthers, i => Assert.True(answers[i].GetProperty("degraded").GetBoolean()));
            Assert.All(answers.Where((_, i) => !ofOthers.Contains(i)), slate => Assert.Equal("personal", slate.GetProperty("source").GetString()));
        }
        finally
        {
            await frozen.Thaw();
        }
    }

    /// <remarks>By itself it would read the members only after ten seconds, and take requests until then.</remarks>
    [Fact]
    public async Task Frozen_UntilItIsDeclaredDead_EndsWhenItGoesOnAndWritesNothingUnderItsOldClaim()
    {
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(await servers.Postgres), 3, ClusterTests.Options);
        var (other, frozen) = (cluster.Nodes[0], cluster.Nodes[2]);
        await other.AddTitles(2);
        var address = (await frozen.Get("v1/status")).GetProperty("node").GetString();
        var held = await other.Eventually("v1/status", status => PartitionsOf(status, address).Count == ClusterTests.Partitions / 3 && IsServed(status), TimeSpan.FromMinutes(1));
        var claims = PartitionsOf(held, address);
        string[] viewers = [.. Enumerable.Range(0, Viewers * ClusterTests.Partitions).Select(Viewer).Where(viewer => claims.ContainsKey(PartitionOf(viewer))).Take(Viewers)];
        await Task.WhenAll(viewers.Select(viewer => other.Post(Liked(viewer, "before"))));

        Task<bool>[] queued;
        await frozen.Freeze();
        try
        {
            queued = [.. viewers.Select(viewer => WriteAsync(frozen, viewer))];
            await other.Eventually("v1/status", status => NodeCluster.ActiveSilos(status) == 2 && IsServed(status) && PartitionsOf(status, address).Count == 0, TimeSpan.FromMinutes(1));
            await Task.WhenAll(viewers.Select(viewer => other.Post(Liked(viewer, "meanwhile"))));
        }
        finally
        {
            await frozen.Thaw();
        }

        Assert.NotEqual(0, await frozen.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Contains("The node ends, and is to be started again: I have been told I am dead", frozen.Output, StringComparison.Ordinal);
        Assert.Contains("Declared dead by S127.0.0.1:", frozen.Output, StringComparison.Ordinal);

        var acknowledged = await Task.WhenAll(queued);
        output.WriteLine($"{acknowledged.Count(isDone => isDone)} of {viewers.Length} queued writes were acknowledged; it found {frozen.Output.Split("lost its claim").Length - 1} of {claims.Count} partitions lost before it ended.");
        foreach (var (partition, claim) in claims)
        {
            var log = await EntriesOf(cluster.Store, partition);
            Assert.Equal(log.Count, log.DistinctBy(entry => entry.EventId).Count());
            Assert.All(log.Where(entry => !entry.EventId.EndsWith("-before", StringComparison.Ordinal)), entry => Assert.True(entry.Position.Epoch > claim, $"{entry} was written under the claim that was lost, {claim}."));
        }

        // A partition that moves on lets go of its log: what was acknowledged is in the history in any case, and all once.
        foreach (var (i, viewer) in viewers.Index())
        {
            var history = await other.CurrentHistory(viewer, cursor: null);
            string[] ids = [.. history.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("eventId").GetString()!)];
            string[] written = [$"{viewer}-before", $"{viewer}-meanwhile", .. acknowledged[i] || ids.Contains($"{viewer}-late") ? [$"{viewer}-late"] : Array.Empty<string>()];
            Assert.Equal(written.Order(), ids.Order());
        }
    }

    private static object Liked(string viewer, string when) => new { eventId = $"{viewer}-{when}", userId = viewer, titleId = "t1", type = "like" };

    private static int PartitionOf(string viewer) => PartitionHash.Of("default", viewer, ClusterTests.Partitions);

    private static bool IsServed(JsonElement status) => status.GetProperty("partitions").EnumerateArray().All(partition => partition.GetProperty("silo").GetString() is { Length: > 0 });

    /// <summary>The partitions that a silo runs, and the epoch of each.</summary>
    private static Dictionary<int, long> PartitionsOf(JsonElement status, string? silo) => status.GetProperty("partitions").EnumerateArray()
        .Where(partition => partition.GetProperty("silo").GetString() == silo)
        .ToDictionary(partition => partition.GetProperty("partition").GetInt32(), partition => partition.GetProperty("epoch").GetInt64());

    /// <returns>Whether it was acknowledged.</returns>
    private static async Task<bool> WriteAsync(NodeProcess node, string viewer)
    {
        using var http = new HttpClient { BaseAddress = node.Address, Timeout = TimeSpan.FromMinutes(3) };
        try
        {
            using var answer = await http.PostAsJsonAsync("v1/events", new[] { Liked(viewer, "late") }, Cancellation);
            return answer.StatusCode == HttpStatusCode.Accepted;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>What a partition's log holds.</summary>
    private static async Task<List<(string EventId, LogPosition Position)>> EntriesOf(ClusterStore store, int partition)
    {
        List<(string, LogPosition)> found = [];
        await store.WithLog(async log =>
        {
            await foreach (var batch in log.ReadAsync(LogPartition.Events(partition), 0, Cancellation))
            {
                found.AddRange(LogEntryCodec.Decode(batch.Payload.Span).Entries.Select((entry, i) => (entry.Event!.EventId, new LogPosition(partition, batch.Epoch, batch.FirstOffset + i))));
            }
        });
        return found;
    }

    private static string Viewer(int number) => $"frozen-viewer-{number}";

    private static Task<JsonElement> Slate(NodeProcess node, int viewer) =>
        node.Http.GetFromJsonAsync<JsonElement>($"v1/users/{Viewer(viewer)}/recommendations?count=5", Cancellation);
}
