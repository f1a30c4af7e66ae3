using System.Text.Json;
using System.Text.RegularExpressions;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Recommendations;

/// <summary>Exploration as a front end and an operator see it: bounded, marked, counted, and switchable per node and per call.</summary>
public sealed partial class ExplorationTests : IAsyncLifetime
{
    private const string Slate = "v1/users/nobody/recommendations?count=20";

    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Training=false", "--Marquee:Partitions=4", "--Marquee:ExploreShare=0.2"]);

    public async ValueTask InitializeAsync()
    {
        await _node.Start();
        await _node.AddTitles(60);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Get_TitlesThatNobodyJudged_AreExploredMarkedAndCountedUnlessNotWanted()
    {
        var explored = Explored(await _node.Get(Slate)).ToArray();

        Assert.Equal(4, explored.Length);
        Assert.All(explored, item => Assert.InRange(item.GetProperty("propensity").GetDouble(), 0.001, 1));
        Assert.Empty(Explored(await _node.Get($"{Slate}&explore=false")));
        Assert.Empty((await _node.Get("v1/users/nobody/home?explore=false")).GetProperty("rows").EnumerateArray().SelectMany(Explored));

        Assert.Equal("4", Counted().Match(await _node.Http.GetStringAsync("metrics")).Groups["count"].Value);
    }

    private static IEnumerable<JsonElement> Explored(JsonElement slate) =>
        slate.GetProperty("items").EnumerateArray().Where(static item => item.GetProperty("origin").GetString() == "explore");

    [GeneratedRegex("""^marquee_slots_explored[a-z_]*\{[^}]*surface="top-picks"[^}]*\} (?<count>\d+)""", RegexOptions.Multiline)]
    private static partial Regex Counted();
}
