using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Contracts.Events;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Viewers that are active follow their partitions to a node that came, while they are read.</summary>
public sealed class ViewerBalanceTests(SharedServers servers, ITestOutputHelper output)
{
    private const int Viewers = 1_200;

    /// <summary>What <c>docs/operations.md</c> says.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_ThirdNode_TakesItsShareOfTheActiveViewers()
    {
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(await servers.Postgres), 2, ClusterTests.Options);
        var first = cluster.Nodes[0];
        await first.AddTitles(20);
        await ReadAll(first);
        var before = await ViewersBySilo(first);
        Assert.True(before.Values.Sum() >= Viewers, $"Active are {string.Join(", ", before)}.");

        var clock = Stopwatch.StartNew();
        await cluster.AddAsync();
        while (true)
        {
            await ReadAll(first);
            var held = await ViewersBySilo(first);
            if (held.Count == 3 && held.Values.Max() <= 1.4 * held.Values.Sum() / 3 && await AreBesideTheirPartitions(first, held))
            {
                output.WriteLine($"{string.Join(" + ", held.Values)} viewers {clock.Elapsed.TotalSeconds:0} s after the third node was started.");
                return;
            }

            Assert.True(clock.Elapsed < Longest, $"After {clock.Elapsed.TotalSeconds:0} s the viewers are {string.Join(", ", held)}.");
            await Task.Delay(500, Cancellation);
        }
    }

    /// <summary>Every viewer is answered, wherever it is, and on its way too.</summary>
    private static Task ReadAll(NodeProcess node) => Parallel.ForEachAsync(Enumerable.Range(0, Viewers), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (i, stop) =>
    {
        using var answer = await node.Http.GetAsync($"v1/users/viewer-{i}/recommendations?count=3", stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    });

    private static async Task<Dictionary<string, int>> ViewersBySilo(NodeProcess node)
    {
        var status = await node.Eventually("v1/status", status => status.GetProperty("silos").EnumerateArray().All(IsCounted));
        return status.GetProperty("silos").EnumerateArray().Where(IsActive).ToDictionary(silo => silo.GetProperty("address").GetString()!, silo => silo.GetProperty("viewers").GetInt32());
    }

    /// <summary>Whether each silo has as many viewers as belong to the partitions that it runs.</summary>
    private static async Task<bool> AreBesideTheirPartitions(NodeProcess node, Dictionary<string, int> held)
    {
        var partitions = (await node.Get("v1/status")).GetProperty("partitions").EnumerateArray().ToDictionary(
            partition => partition.GetProperty("partition").GetInt32(), partition => partition.GetProperty("silo").GetString()!);
        var belong = Enumerable.Range(0, Viewers).CountBy(i => partitions[PartitionHash.Of("default", $"viewer-{i}", partitions.Count)]).ToDictionary();
        return held.Count == belong.Count && held.All(silo => belong.GetValueOrDefault(silo.Key) == silo.Value);
    }

    private static bool IsActive(JsonElement silo) => silo.GetProperty("status").GetString() == "Active";

    private static bool IsCounted(JsonElement silo) => !IsActive(silo) || (silo.TryGetProperty("viewers", out var viewers) && viewers.ValueKind == JsonValueKind.Number);
}
