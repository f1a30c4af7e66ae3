using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Users;

/// <summary>The viewer's next answer reflects the last acknowledged event: always, without any token.</summary>
public sealed class ReadYourWritesTests : IAsyncLifetime
{
    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Partitions=4"]);

    public async ValueTask InitializeAsync()
    {
        await _node.Start();
        await _node.AddTitles(60);
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Theory]
    [InlineData("complete")]
    [InlineData("hide")]
    [InlineData("dislike")]
    public async Task Recommendations_AfterTheEventIsAcknowledged_NoLongerHoldTheTitle(string type)
    {
        for (var i = 0; i < 25; i++)
        {
            var user = $"{type}-{i % 3}";
            var first = (await _node.Get($"v1/users/{user}/recommendations?count=20")).TitleIds()[0];
            await _node.Post(new { userId = user, titleId = first, type });
            Assert.DoesNotContain(first, (await _node.Get($"v1/users/{user}/recommendations?count=20")).TitleIds());
            Assert.DoesNotContain(first, (await _node.Get($"v1/users/{user}/home")).GetProperty("rows").EnumerateArray()
                .Where(row => row.GetProperty("surface").GetString() != "continue-watching")
                .SelectMany(row => row.TitleIds()));
        }
    }

    [Fact]
    public async Task History_AfterEachOfManyConcurrentEvents_HoldsIt()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async user =>
        {
            for (var i = 0; i < 30; i++)
            {
                await _node.Post(new { eventId = $"e{i}", userId = $"busy-{user}", titleId = $"t{i}", type = "click" });
                Assert.Equal($"e{i}", (await _node.History($"busy-{user}"))[0]);
            }
        }));
    }

    [Fact]
    public async Task Unhide_AHiddenTitle_BringsItBack()
    {
        await _node.Post(new { userId = "back", titleId = "t7", type = "hide" });
        Assert.DoesNotContain("t7", (await _node.Get("v1/users/back/recommendations?count=60")).TitleIds());
        await _node.Post(new { userId = "back", titleId = "t7", type = "unhide" });
        Assert.Contains("t7", (await _node.Get("v1/users/back/recommendations?count=60")).TitleIds());
    }

    [Fact]
    public async Task Recommendations_WithTheTokenOfTheEvent_CoverIt()
    {
        var position = (await _node.Post(new { userId = "token", titleId = "t3", type = "play" })).GetProperty("position").GetString()!;
        var slate = await _node.Get($"v1/users/token/recommendations?after={position}");
        Assert.Equal(position, slate.GetProperty("position").GetString());
        Assert.False(slate.GetProperty("degraded").GetBoolean());
    }

    [Fact]
    public async Task Erase_AUser_LeavesNothingAndNothingComesBack()
    {
        var retried = new { eventId = "once", userId = "gone", titleId = "t1", type = "like" };
        await _node.Post(retried);
        using var answer = await _node.Http.DeleteAsync("v1/users/gone");
        Assert.True(answer.IsSuccessStatusCode);
        Assert.Empty(await _node.History("gone"));
        Assert.Equal(1, (await _node.Post(retried)).GetProperty("duplicates").GetInt32());
        Assert.Empty(await _node.History("gone"));
        await _node.Kill();
        await _node.Start();
        Assert.Empty(await _node.History("gone"));
    }
}
