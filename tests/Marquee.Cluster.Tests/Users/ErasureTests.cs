using System.Net;
using System.Net.Http.Json;
using Marquee.Cluster.Tests.Grains;
using Marquee.Contracts.Operations;
using Marquee.Contracts.Users;

namespace Marquee.Cluster.Tests.Users;

/// <summary>What nodes keep of their answers to a viewer does not outlive the viewer's erasure, whichever node is asked.</summary>
public sealed class ErasureTests
{
    private const string Slate = "v1/users/ada/recommendations?count=5";
    private const string Home = "v1/users/ada/home";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Erase_EveryNodeKeepsAnAnswerAndTheGrainFails_NoNodeGivesItAgain()
    {
        await using var cluster = await StartAsync();
        using (FailGrain(cluster))
        {
            // What is to be shown not to come back would come back without the erasure.
            Assert.All(await SourcesAsync(cluster), source => Assert.Equal("cached", source));
        }

        await EraseAsync(cluster.Nodes[0]);
        using (FailGrain(cluster))
        {
            Assert.All(await SourcesAsync(cluster), source => Assert.Equal("popular", source));
        }
    }

    /// <remarks>The one that was not told has the answer still: it must not be said that the viewer is erased everywhere.</remarks>
    [Fact]
    public async Task Erase_AnotherNodeCannotBeTold_IsNotAcknowledgedUntilItWasTold()
    {
        await using var cluster = await StartAsync();
        using (cluster.Nodes[0].Calls.Fail<IPeerService>(nameof(IPeerService.ForgetKept)))
        {
            using var refused = await cluster.Nodes[0].Http.DeleteAsync("v1/users/ada", Cancellation);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("outcome-unknown", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }

        await EraseAsync(cluster.Nodes[0]);
        using (FailGrain(cluster))
        {
            Assert.All(await SourcesAsync(cluster), source => Assert.Equal("popular", source));
        }
    }

    private static async Task<TestCluster> StartAsync()
    {
        var cluster = await TestCluster.StartAsync(3, gateway => gateway.WriteRetryBudget = TimeSpan.FromSeconds(4));
        await Post(cluster.Nodes[0], "v1/titles", Enumerable.Range(1, 20).Select(i => new { titleId = $"t{i}", name = $"Title {i}", genres = new[] { "Drama" } }));
        await Post(cluster.Nodes[0], "v1/events", Enumerable.Range(1, 3).Select(i => new { userId = "ada", titleId = $"t{i}", type = "like" }));
        foreach (var node in cluster.Nodes)
        {
            await node.Eventually(Slate, slate => slate.GetProperty("items").GetArrayLength() == 5 && !slate.GetProperty("degraded").GetBoolean());
            await node.Eventually(Home, home => !home.GetProperty("degraded").GetBoolean());
        }

        return cluster;
    }

    private static async Task Post<T>(TestNode node, string path, T body)
    {
        using var answer = await node.Http.PostAsJsonAsync(path, body, Cancellation);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancellation));
    }

    private static async Task EraseAsync(TestNode node)
    {
        using var answer = await node.Http.DeleteAsync("v1/users/ada", Cancellation);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    /// <summary>No node reaches the viewer's grain until what it answers is disposed.</summary>
    private static Undoing FailGrain(TestCluster cluster) =>
        new([.. cluster.Nodes.Select(node => node.Calls.Fail<IUserGrain>(nameof(IUserGrain.Recommend), nameof(IUserGrain.GetHome)))]);

    private static async Task<List<string?>> SourcesAsync(TestCluster cluster)
    {
        var sources = new List<string?>();
        foreach (var node in cluster.Nodes)
        {
            sources.Add((await node.Get(Slate)).GetProperty("source").GetString());
            sources.AddRange((await node.Get(Home)).GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("source").GetString()));
        }

        return sources;
    }

    private sealed class Undoing(IDisposable[] parts) : IDisposable
    {
        public void Dispose() => Array.ForEach(parts, part => part.Dispose());
    }
}
