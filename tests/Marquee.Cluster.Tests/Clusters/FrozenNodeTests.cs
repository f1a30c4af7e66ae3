using System.Net.Http.Json;
using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>A node stands still: its viewers get what another node last answered them, not what everybody gets.</summary>
public sealed class FrozenNodeTests(SharedServers servers)
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
    public async Task Frozen_UntilItIsDeclaredDead_EndsWhenItGoesOn()
    {
        await using var cluster = await NodeCluster.StartAsync(ClusterStore.On(await servers.Postgres), 3, ClusterTests.Options);
        var (other, frozen) = (cluster.Nodes[0], cluster.Nodes[2]);
        await frozen.Freeze();
        try
        {
            await other.Eventually("v1/status", status => NodeCluster.ActiveSilos(status) == 2, TimeSpan.FromMinutes(1));
        }
        finally
        {
            await frozen.Thaw();
        }

        Assert.NotEqual(0, await frozen.WaitForExit(TimeSpan.FromSeconds(30)));
        Assert.Contains("The node ends, and is to be started again: I have been told I am dead", frozen.Output, StringComparison.Ordinal);
    }

    private static string Viewer(int number) => $"frozen-viewer-{number}";

    private static Task<JsonElement> Slate(NodeProcess node, int viewer) =>
        node.Http.GetFromJsonAsync<JsonElement>($"v1/users/{Viewer(viewer)}/recommendations?count=5", Cancellation);
}
