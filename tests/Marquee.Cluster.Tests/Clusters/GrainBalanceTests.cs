using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Contracts.Events;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Viewers and titles that are active follow the partitions of their keys to a node that came, while viewers are read.</summary>
public sealed class GrainBalanceTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Viewers = 1_200;
    private const int Titles = 400;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_ThirdNode_TakesItsShareOfTheActiveViewersAndTitles()
    {
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(await servers.Postgres), 2, ClusterTests.Options);
        var first = cluster.Nodes[0];
        await first.AddTitles(20);
        await ReadAll(first);
        await first.Post([.. Enumerable.Range(0, Titles).Select(i => new { type = "like", userId = "viewer-0", titleId = $"film-{i}" })]);
        await first.Eventually("v1/status", status => status.GetProperty("silos").EnumerateArray().Where(IsActive).Sum(silo => silo.GetProperty("titles").GetInt32()) >= Titles);
        var before = await ActiveBySilo(first, "viewers");
        Assert.True(before.Values.Sum() >= Viewers, $"Active are {string.Join(", ", before)}.");

        await cluster.AddAsync();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            await ReadAll(first);
            var (viewers, titles) = (await ActiveBySilo(first, "viewers"), await ActiveBySilo(first, "titles"));
            if (viewers.Count == 3 && viewers.Values.Max() <= 1.4 * viewers.Values.Sum() / 3
                && await AreWhereTheyBelong(first, viewers, Enumerable.Range(0, Viewers).Select(i => $"viewer-{i}"))
                && await AreWhereTheyBelong(first, titles, Enumerable.Range(0, Titles).Select(i => $"film-{i}")))
            {
                output.WriteLine($"{string.Join(" + ", viewers.Values)} viewers, {string.Join(" + ", titles.Values)} titles {clock.Elapsed.TotalSeconds:0} s after the third node was ready.");
                return;
            }

            Assert.True(clock.Elapsed < NodeCluster.ShareTakenWithin, $"After {clock.Elapsed.TotalSeconds:0} s the viewers are {string.Join(", ", viewers)}, the titles {string.Join(", ", titles)}.");
            await Task.Delay(500, Cancellation);
        }
    }

    /// <summary>Every viewer is answered, wherever it is, and on its way too.</summary>
    private static Task ReadAll(NodeProcess node) => Parallel.ForEachAsync(Enumerable.Range(0, Viewers), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, stop) =>
    {
        using var answer = await node.Http.GetAsync($"v1/users/viewer-{i}/recommendations?count=3", stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    });

    private static async Task<Dictionary<string, int>> ActiveBySilo(NodeProcess node, string kind)
    {
        var status = await node.Eventually("v1/status", status => status.GetProperty("silos").EnumerateArray().All(IsCounted));
        return status.GetProperty("silos").EnumerateArray().Where(IsActive).ToDictionary(silo => silo.GetProperty("address").GetString()!, silo => silo.GetProperty(kind).GetInt32());
    }

    /// <summary>Whether each silo has as many of them as belong to the partitions that it runs.</summary>
    private static async Task<bool> AreWhereTheyBelong(NodeProcess node, Dictionary<string, int> held, IEnumerable<string> ids)
    {
        var partitions = (await node.Get("v1/status")).GetProperty("partitions").EnumerateArray().ToDictionary(
            partition => partition.GetProperty("partition").GetInt32(), partition => partition.GetProperty("silo").GetString()!);
        var belong = ids.CountBy(id => partitions[PartitionHash.Of("default", id, partitions.Count)]).ToDictionary();
        return held.Count == belong.Count && held.All(silo => belong.GetValueOrDefault(silo.Key) == silo.Value);
    }

    private static bool IsActive(JsonElement silo) => silo.GetProperty("status").GetString() == "Active";

    private static bool IsCounted(JsonElement silo) => !IsActive(silo) || (silo.TryGetProperty("viewers", out var viewers) && viewers.ValueKind == JsonValueKind.Number);
}
