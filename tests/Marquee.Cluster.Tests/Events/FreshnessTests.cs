using System.Net.Http.Json;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Events;

/// <summary>Counters, stubs, duplicates and restarts of one node.</summary>
public sealed class FreshnessTests : IAsyncLifetime
{
    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Partitions=4"]);

    public async ValueTask InitializeAsync() => await _node.Start();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Stats_AfterEventsOfManyUsers_AreExactAndSurviveAKill()
    {
        await _node.AddTitles(3);
        for (var batch = 0; batch < 5; batch++)
        {
            await _node.Post([.. Enumerable.Range(0, 100).Select(i => (object)new
            {
                eventId = $"{batch}-{i}",
                userId = $"u{i}",
                titleId = "t1",
                type = i % 4 == 0 ? "complete" : "impression",
            })]);
        }

        await Exact();
        var trending = await _node.Eventually("v1/trending?count=3", answer => answer.TitleIds().FirstOrDefault() == "t1");
        Assert.Equal(1, trending.GetProperty("items")[0].GetProperty("rank").GetInt32());
        await _node.Kill();
        await _node.Start();
        await Exact();

        async Task Exact()
        {
            var stats = await _node.Eventually("v1/titles/t1/stats", answer => answer.GetProperty("counts").GetProperty("complete").GetInt64() >= 125);
            Assert.Equal(125, stats.GetProperty("counts").GetProperty("complete").GetInt64());
            Assert.Equal(375, stats.GetProperty("counts").GetProperty("impression").GetInt64());
        }
    }

    [Fact]
    public async Task Post_TheSameEventsAgain_AreDuplicatesAlsoAfterAKill()
    {
        object[] events = [.. Enumerable.Range(0, 50).Select(i => new { eventId = $"same-{i}", userId = $"d{i % 5}", titleId = "x", type = "play" })];
        Assert.Equal(50, (await _node.Post(events)).GetProperty("accepted").GetInt32());
        Assert.Equal(50, (await _node.Post(events)).GetProperty("duplicates").GetInt32());
        await _node.Kill();
        await _node.Start();
        var answer = await _node.Post(events);
        Assert.Equal(50, answer.GetProperty("duplicates").GetInt32());
        Assert.Equal(0, answer.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task Post_AnExactRetryWithoutEventId_IsADuplicate()
    {
        var retried = new { userId = "r", titleId = "x", type = "like", occurredAt = "2026-01-02T03:04:05Z" };
        Assert.Equal(1, (await _node.Post(retried)).GetProperty("accepted").GetInt32());
        Assert.Equal(1, (await _node.Post(retried)).GetProperty("duplicates").GetInt32());
    }

    [Fact]
    public async Task Post_AnEventOfAnUnknownTitle_MakesAStubThatIsCountedAndNotRecommended()
    {
        await _node.AddTitles(5);
        await _node.Post(new { userId = "s", titleId = "stub-1", type = "like" });
        await _node.Eventually("v1/titles/stub-1/stats", stats => stats.GetProperty("counts").GetProperty("like").GetInt64() == 1);
        Assert.DoesNotContain("stub-1", (await _node.Get("v1/users/other/recommendations?count=50")).TitleIds());
        using var answer = await _node.Http.PutAsJsonAsync("v1/titles/stub-1", new { name = "No longer a stub" });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        Assert.Contains("stub-1", (await _node.Get("v1/users/other/recommendations?count=50")).TitleIds());
        await _node.Eventually("v1/trending?count=5", trending => trending.TitleIds() is ["stub-1", ..]);
    }

    [Fact]
    public async Task Put_ANewTitle_IsRecommendableInTheNextCallAndSurvivesAKill()
    {
        for (var i = 0; i < 5; i++)
        {
            using var answer = await _node.Http.PutAsJsonAsync($"v1/titles/new-{i}", new { name = $"New {i}", genres = new[] { "Drama" } });
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            Assert.Contains($"new-{i}", (await _node.Get("v1/users/anyone/recommendations?count=50")).TitleIds());
        }

        using var deleted = await _node.Http.DeleteAsync("v1/titles/new-0");
        Assert.True(deleted.IsSuccessStatusCode);
        Assert.DoesNotContain("new-0", (await _node.Get("v1/users/anyone/recommendations?count=50")).TitleIds());
        await _node.Kill();
        await _node.Start();
        await _node.Eventually("v1/users/anyone/recommendations?count=50", answer => answer.TitleIds().Length >= 4);
        var ids = (await _node.Get("v1/users/anyone/recommendations?count=50")).TitleIds();
        Assert.DoesNotContain("new-0", ids);
        Assert.Contains("new-4", ids);
    }
}
