using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Titles;

namespace Marquee.Tests.Gateway;

public sealed class RecommendationEndpointTests : IAsyncLifetime
{
    private static readonly Slate Personal = new()
    {
        RecommendationId = "r-1",
        Surface = "top-picks",
        ModelVersion = "m-7",
        Position = new LogPosition(51, 2, 40),
        Source = "personal",
        Items =
        [
            new SlateItem
            {
                TitleId = "t1",
                Rank = 1,
                Score = 0.1 + 0.2,
                Reason = "Because you watched Gravity",
                BecauseTitleId = "t9",
                Parts = [new ScorePart("neighbours", 0.1, "t9"), new ScorePart("popularity", 0.2, null)],
                Title = new TitleMessage { TitleId = "t1", Name = "Moon", Genres = ["Drama"], ReleaseYear = 2009 },
            },
            new SlateItem { TitleId = "t2", Rank = 2, Score = 1e-17, Reason = "New", Origin = "explore", Propensity = 0.05, WatchedShare = 0.5 },
        ],
    };

    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        foreach (var id in (string[])["a", "b", "c"])
        {
            _host.Grains.Catalogue.Titles[id] = new TitleMessage { TitleId = id, Name = id };
        }
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Get_Slate_IsShownWhole()
    {
        _host.Grains.Users.Recommend = _ => Task.FromResult(Personal);
        var answer = await _host.GetAsync("/v1/users/u1/recommendations?explain=true&metadata=true");

        Assert.Equal(200, answer.Status);
        Assert.Equal(
            """
            {"recommendationId":"r-1","surface":"top-picks","modelVersion":"m-7","position":"51.2.40","source":"personal","degraded":false,"items":[
            {"titleId":"t1","rank":1,"score":0.30000000000000004,"reason":"Because you watched Gravity","becauseTitleId":"t9","origin":"ranked",
            "parts":[{"name":"neighbours","value":0.1,"titleId":"t9"},{"name":"popularity","value":0.2}],
            "title":{"titleId":"t1","name":"Moon","kind":"film","releaseYear":2009,"genres":["Drama"]}},
            {"titleId":"t2","rank":2,"score":1E-17,"reason":"New","origin":"explore","propensity":0.05,"watchedShare":0.5}]}
            """.ReplaceLineEndings(""),
            answer.Text);
    }

    [Fact]
    public async Task Get_Parameters_ReachTheUsersGrain()
    {
        await _host.GetAsync("/v1/users/u1/recommendations?surface=genre:Sci-Fi&count=500&country=de&after=3.1.9_51.2.40&explain=true&metadata=true");

        var (key, request) = Assert.Single(_host.Grains.Users.Asked);
        Assert.Equal("default/u1", key);
        Assert.Equal(
            new SlateRequest { Surface = "genre:Sci-Fi", Count = 500, Country = "DE", After = new LogPosition(51, 2, 40), Explain = true, Metadata = true },
            request);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("?explore=", false)]
    [InlineData("?explore=true", false)]
    [InlineData("?explore=false", true)]
    public async Task Get_Explore_ReachesTheUsersGrain(string query, bool without)
    {
        await _host.GetAsync($"/v1/users/u1/recommendations{query}");
        await _host.GetAsync($"/v1/users/u1/home{query}");

        Assert.Equal(without, Assert.Single(_host.Grains.Users.Asked).Request.WithoutExploration);
        Assert.Equal(without, Assert.Single(_host.Grains.Users.Homes).WithoutExploration);
    }

    [Fact]
    public async Task Get_NoPosition_ShowsNull()
    {
        _host.Grains.Users.Recommend = _ => Task.FromResult(Personal with { Position = null, Items = [] });

        Assert.Equal(System.Text.Json.JsonValueKind.Null, (await _host.GetAsync("/v1/users/u1/recommendations")).Json.GetProperty("position").ValueKind);
    }

    [Fact]
    public async Task Get_GrainFailsOnce_IsAskedAgain()
    {
        var calls = 0;
        _host.Grains.Users.Recommend = _ => ++calls == 1 ? throw new Orleans.Runtime.SiloUnavailableException() : Task.FromResult(Personal);

        Assert.Equal("personal", (await _host.GetAsync("/v1/users/u1/recommendations")).Json.GetProperty("source").GetString());
    }

    /// <remarks>The gateway has names of its own for them, since it does not see the engine.</remarks>
    [Fact]
    public async Task Get_EachSurfaceThatTheEngineKnows_IsTaken()
    {
        var names = typeof(Marquee.Engine.Recommendations.Surfaces).GetFields().Select(field => (string)field.GetValue(null)!).ToArray();
        Assert.True(names.Length >= 8);
        foreach (var name in names)
        {
            var surface = name.EndsWith(':') ? $"{name}Drama" : name;
            Assert.Equal(200, (await _host.GetAsync($"/v1/users/u1/recommendations?surface={surface}")).Status);
        }
    }

    [Theory]
    [InlineData("top-picks", 2)]
    [InlineData("genre:Drama", 2)]
    [InlineData("my-list", 0)]
    [InlineData("continue-watching", 0)]
    [InlineData("watch-next", 0)]
    public async Task Get_GrainFails_AnswersPopularAndSaysSo(string surface, int items)
    {
        _host.Grains.Users.Recommend = _ => throw new InvalidOperationException();
        var answer = await _host.GetAsync($"/v1/users/u1/recommendations?count=2&surface={surface}");

        Assert.Equal(200, answer.Status);
        Assert.Equal("popular", answer.Json.GetProperty("source").GetString());
        Assert.True(answer.Json.GetProperty("degraded").GetBoolean());
        Assert.Equal(surface, answer.Json.GetProperty("surface").GetString());
        Assert.Equal(items, answer.Json.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Get_GrainFailsAfterItAnswered_GivesThatAnswerAgainAndSaysSo()
    {
        _host.Grains.Users.Recommend = _ => Task.FromResult(Personal);
        await _host.GetAsync("/v1/users/u1/recommendations?count=2");
        _host.Grains.Users.Recommend = _ => throw new Orleans.Runtime.SiloUnavailableException();
        var again = await _host.GetAsync("/v1/users/u1/recommendations?count=2&after=51.2.41");
        var otherwise = await _host.GetAsync("/v1/users/u1/recommendations?count=3");
        var another = await _host.GetAsync("/v1/users/u2/recommendations?count=2");

        Assert.Equal(("cached", true), (again.Json.GetProperty("source").GetString(), again.Json.GetProperty("degraded").GetBoolean()));
        Assert.Equal(("r-1", "51.2.40"), (again.Json.GetProperty("recommendationId").GetString(), again.Json.GetProperty("position").GetString()));
        Assert.Equal("popular", otherwise.Json.GetProperty("source").GetString());
        Assert.Equal("popular", another.Json.GetProperty("source").GetString());
    }

    /// <remarks>There is a plainer answer, which is better than none; the grain is not asked a second time.</remarks>
    [Fact]
    public async Task Get_TooManyCallsWaitForTheGrain_AnswersPopularAndSaysSo()
    {
        _host.Grains.Users.Recommend = _ => throw new LimitExceededException("The limit was reached.");
        var answer = await _host.GetAsync("/v1/users/u1/recommendations?count=2");

        Assert.Equal((200, "popular"), (answer.Status, answer.Json.GetProperty("source").GetString()));
        Assert.Single(_host.Grains.Users.Asked);
    }

    [Fact]
    public async Task Get_MoreRequestsThanAllowed_AreRefused_AndOperatorsAreAnswered()
    {
        await using var host = await GatewayHost.StartAsync(options => options.ConcurrentRequestsMax = 1);
        var entered = new TaskCompletionSource();
        var ranking = new TaskCompletionSource<Slate>();
        host.Grains.Users.Recommend = _ =>
        {
            entered.SetResult();
            return ranking.Task;
        };
        var first = host.GetAsync("/v1/users/u1/recommendations?count=2");
        await entered.Task;
        var second = await host.GetAsync("/v1/trending");
        Assert.Equal((429, "overloaded"), (second.Status, second.ProblemType));
        Assert.NotNull(second.RetryAfter);
        Assert.Equal(200, (await host.GetAsync("/health/live")).Status);

        ranking.SetResult(Personal);
        Assert.Equal(200, (await first).Status);
        Assert.Equal(200, (await host.GetAsync("/v1/trending")).Status);
    }

    [Fact]
    public async Task Get_DegradedAnswer_IsNotKept()
    {
        _host.Grains.Users.Recommend = _ => Task.FromResult(Personal with { Degraded = true });
        await _host.GetAsync("/v1/users/u1/recommendations?count=2");
        _host.Grains.Users.Recommend = _ => throw new InvalidOperationException();

        Assert.Equal("popular", (await _host.GetAsync("/v1/users/u1/recommendations?count=2")).Json.GetProperty("source").GetString());
    }

    [Fact]
    public async Task GetHome_GrainFailsAfterItAnswered_GivesThatPageAgainAndSaysSo()
    {
        _host.Grains.Users.Home = _ => Task.FromResult(new Home(new LogPosition(51, 2, 40), false, [new HomeRow("top", "For you", Personal)]));
        await _host.GetAsync("/v1/users/u1/home");
        _host.Grains.Users.Home = _ => throw new Orleans.Runtime.SiloUnavailableException();
        var again = await _host.GetAsync("/v1/users/u1/home");

        Assert.True(again.Json.GetProperty("degraded").GetBoolean());
        Assert.Equal("cached", Assert.Single(again.Json.GetProperty("rows").EnumerateArray()).GetProperty("source").GetString());
    }

    [Fact]
    public async Task Get_GrainNeverAnswers_AnswersPopularAtTheDeadline()
    {
        var asked = new TaskCompletionSource();
        _host.Grains.Users.Recommend = _ =>
        {
            asked.SetResult();
            return new TaskCompletionSource<Slate>().Task;
        };
        var pending = _host.GetAsync("/v1/users/u1/recommendations");
        await asked.Task;
        while (!pending.IsCompleted)
        {
            // The deadline's timer may be armed a moment after the grain was asked.
            _host.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        Assert.Equal("popular", (await pending).Json.GetProperty("source").GetString());
    }

    [Fact]
    public async Task Get_NothingAnswers_ShowsWhatWasPopularBefore()
    {
        await _host.GetAsync("/v1/trending?count=3");
        _host.Grains.Catalogue.ReadFailure = () => new TimeoutException();
        var recommendations = await _host.GetAsync("/v1/users/u1/recommendations?count=2");
        var trending = await _host.GetAsync("/v1/trending");

        Assert.Equal(2, recommendations.Json.GetProperty("items").GetArrayLength());
        Assert.Equal((200, true, 3), (trending.Status, trending.Json.GetProperty("degraded").GetBoolean(), trending.Json.GetProperty("items").GetArrayLength()));
    }

    [Fact]
    public async Task GetHome_Rows_AreShownInOrder()
    {
        _host.Grains.Users.Home = _ => Task.FromResult(new Home(new LogPosition(51, 2, 40), false, [new HomeRow("top", "For you", Personal)]));
        var answer = await _host.GetAsync("/v1/users/u1/home?count=7&after=51.2.40");

        var row = Assert.Single(answer.Json.GetProperty("rows").EnumerateArray());
        Assert.Equal(("u1", "51.2.40"), (answer.Json.GetProperty("userId").GetString(), answer.Json.GetProperty("position").GetString()));
        Assert.Equal(("top", "For you", "top-picks", "r-1"), (row.GetProperty("rowId").GetString(), row.GetProperty("name").GetString(), row.GetProperty("surface").GetString(), row.GetProperty("recommendationId").GetString()));
        Assert.Equal(new HomeRequest { Count = 7, After = new LogPosition(51, 2, 40) }, Assert.Single(_host.Grains.Users.Homes));
    }

    [Fact]
    public async Task GetHome_GrainFails_AnswersOnePopularRow()
    {
        var answer = await _host.GetAsync("/v1/users/u1/home");

        Assert.Equal((200, true), (answer.Status, answer.Json.GetProperty("degraded").GetBoolean()));
        Assert.Equal(3, Assert.Single(answer.Json.GetProperty("rows").EnumerateArray()).GetProperty("items").GetArrayLength());
    }
}
