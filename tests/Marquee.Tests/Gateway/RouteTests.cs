namespace Marquee.Tests.Gateway;

public sealed class RouteTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("GET", "/v1/nothing", 404, "not-found")]
    [InlineData("GET", "/v2/events", 404, "not-found")]
    [InlineData("GET", "/v1/users/u1", 405, "method-not-allowed")]
    [InlineData("GET", "/v1/users/a/b/history", 404, "not-found")]
    [InlineData("GET", "/v1/events", 405, "method-not-allowed")]
    [InlineData("PUT", "/v1/titles", 405, "method-not-allowed")]
    [InlineData("POST", "/v1/titles/t1", 405, "method-not-allowed")]
    [InlineData("PATCH", "/v1/users/u1/history", 405, "method-not-allowed")]
    public async Task Send_NoSuchRoute_IsAProblem(string method, string path, int status, string type)
    {
        var answer = await _host.SendAsync(new HttpMethod(method), path);

        Assert.Equal((status, type, "application/problem+json"), (answer.Status, answer.ProblemType, answer.MediaType));
        Assert.Equal(status, answer.Number("status"));
    }

    [Fact]
    public async Task Send_WrongMethod_TellsTheRightOnes()
    {
        using var response = await _host.Client.GetAsync("/v1/events", TestContext.Current.CancellationToken);

        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("/v1/users/{0}/recommendations", "userId")]
    [InlineData("/v1/users/{0}/home", "userId")]
    [InlineData("/v1/users/{0}/history", "userId")]
    [InlineData("/v1/titles/{0}", "titleId")]
    [InlineData("/v1/titles/{0}/similar", "titleId")]
    [InlineData("/v1/titles/{0}/stats", "titleId")]
    public async Task Get_BadId_IsNamed(string path, string field)
    {
        foreach (var id in (string[])["a%2Fb", "a%20b", "%C3%BC", "a+b", "a%25", "a;b", "%FF", new string('x', 129), new string('x', 10_000)])
        {
            var answer = await _host.GetAsync(string.Format(null, path, id));

            Assert.Equal((400, "invalid-request"), (answer.Status, answer.ProblemType));
            Assert.Equal([field], answer.Fields);
        }
    }

    [Theory]
    [InlineData("?count=5&count=6&count=7", "count")]
    [InlineData("?count=5&count=", "count")]
    [InlineData("?count=900&count=6", "count")]
    [InlineData("?Count=5", "Count")]
    [InlineData("?nonsense=1&nonsense=2&count=5", "nonsense")]
    [InlineData("?%63ount=0", "count")]
    [InlineData("?=5", "")]
    [InlineData("?count", null)]
    [InlineData("?%63ount=5&country=%64e", null)]
    public async Task Get_Query_WhatIsWrongIsNamedOnce(string query, string? field) =>
        Assert.Equal(field is null ? [] : [field], (await _host.GetAsync("/v1/users/u1/recommendations" + query)).Fields);

    [Theory]
    [InlineData("DELETE", "/v1/users/a%2Fb", "userId")]
    [InlineData("DELETE", "/v1/titles/a%2Fb", "titleId")]
    [InlineData("PUT", "/v1/titles/a%2Fb", "titleId")]
    public async Task Write_BadId_IsNamed(string method, string path, string field) =>
        Assert.Equal([field], (await _host.SendAsync(new HttpMethod(method), path)).Fields);

    [Theory]
    [InlineData("/v1/users/u/recommendations?count=0", "count")]
    [InlineData("/v1/users/u/recommendations?count=501", "count")]
    [InlineData("/v1/users/u/recommendations?count=-1", "count")]
    [InlineData("/v1/users/u/recommendations?count=1e2", "count")]
    [InlineData("/v1/users/u/recommendations?count=99999999999", "count")]
    [InlineData("/v1/users/u/recommendations?count=%D9%A1", "count")]
    [InlineData("/v1/users/u/recommendations?count=1&count=2", "count")]
    [InlineData("/v1/users/u/recommendations?Count=1", "Count")]
    [InlineData("/v1/users/u/recommendations?surface=top", "surface")]
    [InlineData("/v1/users/u/recommendations?surface=genre:", "surface")]
    [InlineData("/v1/users/u/recommendations?country=USA", "country")]
    [InlineData("/v1/users/u/recommendations?country=u1", "country")]
    [InlineData("/v1/users/u/recommendations?explain=yes", "explain")]
    [InlineData("/v1/users/u/recommendations?metadata=1", "metadata")]
    [InlineData("/v1/users/u/recommendations?explore=no", "explore")]
    [InlineData("/v1/trending?explore=false", "explore")]
    [InlineData("/v1/users/u/recommendations?after=now", "after")]
    [InlineData("/v1/users/u/recommendations?kids=true", "kids")]
    [InlineData("/v1/users/u/recommendations?=1", "")]
    [InlineData("/v1/users/u/home?count=101", "count")]
    [InlineData("/v1/users/u/home?count=garbage", "count")]
    [InlineData("/v1/users/u/home?country=garbage", "country")]
    [InlineData("/v1/users/u/home?after=garbage", "after")]
    [InlineData("/v1/users/u/home?explain=garbage", "explain")]
    [InlineData("/v1/users/u/home?surface=top-picks", "surface")]
    [InlineData("/v1/users/u/history?limit=garbage", "limit")]
    [InlineData("/v1/users/u/history?cursor=garbage", "cursor")]
    [InlineData("/v1/users/u/history?cursor=1.2&cursor=1.3", "cursor")]
    [InlineData("/v1/users/u/history?after=garbage", "after")]
    [InlineData("/v1/users/u/history?explain=true", "explain")]
    [InlineData("/v1/users/u/history?limit=1001", "limit")]
    [InlineData("/v1/users/u/history?count=10", "count")]
    [InlineData("/v1/users/u/history?after=1.2", "after")]
    [InlineData("/v1/titles/t/similar?count=101", "count")]
    [InlineData("/v1/titles/t/stats?x", "x")]
    [InlineData("/v1/titles/t?x=1", "x")]
    [InlineData("/v1/titles?limit=0", "limit")]
    [InlineData("/v1/titles?query=a%00b", "query")]
    [InlineData("/v1/trending?country=%C3%BC%C3%BC", "country")]
    [InlineData("/v1/trending?surface=new", "surface")]
    [InlineData("/v1/status?verbose=true", "verbose")]
    [InlineData("/v1/models?force=true", "force")]
    [InlineData("/v1/sample?n=1", "n")]
    public async Task Get_BadParameter_IsNamed(string path, string field)
    {
        var answer = await _host.GetAsync(path);

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.ProblemType));
        Assert.Equal([field], answer.Fields);
    }

    [Fact]
    public async Task Get_LongQuery_IsNamed() => Assert.Equal(["query"], (await _host.GetAsync("/v1/titles?query=" + new string('q', 201))).Fields);

    [Fact]
    public async Task Get_SeveralMistakes_NamesThemAll() =>
        Assert.Equal(["x", "userId", "surface", "count", "country"], (await _host.GetAsync("/v1/users/a%2Fb/recommendations?count=0&surface=s&country=1&x=1")).Fields);

    [Fact]
    public async Task Get_EmptyParameters_CountAsAbsent()
    {
        await _host.GetAsync("/v1/users/u/recommendations?surface=&count=&country=&after=&explain=");

        var (_, request) = Assert.Single(_host.Grains.Users.Asked);
        Assert.Equal(("top-picks", 20, null, null, false), (request.Surface, request.Count, request.Country, request.After, request.Explain));
    }
}
