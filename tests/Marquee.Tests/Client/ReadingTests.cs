using System.Net;
using Marquee.Client;
using Marquee.Client.Events;
using Marquee.Client.Recommendations;
using Marquee.Client.Titles;

namespace Marquee.Tests.Client;

public sealed class ReadingTests
{
    private readonly FakeNode _node = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GetRecommendations_FullAnswer_IsRead()
    {
        _node.Answers["/v1/users/u~1/recommendations?surface=top-picks&count=5&country=SE&after=3.1.7&explain=true&metadata=true"] = """
            {"recommendationId":"r1","surface":"top-picks","modelVersion":"m1","position":"3.1.8","source":"personal","degraded":true,"later":{"added":1},
             "items":[{"titleId":"t1","rank":1,"score":0.5,"reason":"Because you watched Gravity","becauseTitleId":"t2","origin":"explore","propensity":0.1,
             "parts":[{"name":"popularity","value":0.2},{"name":"taste","value":0.3,"titleId":"t2"}],"title":{"name":"Alien","releaseYear":1979,"genres":["Horror"]}}]}
            """;
        var query = new SlateQuery { Surface = "top-picks", Count = 5, Country = "SE", After = "3.1.7", Explain = true, Metadata = true };

        var slate = await Client().GetRecommendationsAsync("u~1", query, Cancelled);

        var item = Assert.Single(slate.Items);
        Assert.Equal(("r1", "m1", "3.1.8", "personal", true), (slate.RecommendationId, slate.ModelVersion, slate.Position, slate.Source, slate.Degraded));
        Assert.Equal(("t1", 1, 0.5, "t2", "explore", 0.1), (item.TitleId, item.Rank, item.Score, item.BecauseTitleId, item.Origin, item.Propensity));
        Assert.Equal([new ScorePart("popularity", 0.2), new ScorePart("taste", 0.3, "t2")], item.Parts);
        Assert.Equal(("Alien", 1979, "Horror"), (item.Title!.Name, item.Title.ReleaseYear, item.Title.Genres.Single()));
    }

    [Fact]
    public async Task GetRecommendations_WithoutExploration_AsksForNone()
    {
        _node.Answers["/v1/users/u1/recommendations?explore=false"] = """{"recommendationId":"r1","surface":"top-picks","items":[]}""";

        Assert.Equal("r1", (await Client().GetRecommendationsAsync("u1", new SlateQuery { Explore = false }, Cancelled)).RecommendationId);
    }

    [Fact]
    public async Task GetHome_Rows_AreRead()
    {
        _node.Answers["/v1/users/u1/home?count=2"] = """
            {"userId":"u1","position":"0.1.2","degraded":false,"rows":[{"rowId":"trending","name":"Trending now","surface":"trending","recommendationId":"r2","items":[{"titleId":"t1","rank":1,"score":1}]}]}
            """;

        var page = await Client().GetHomeAsync("u1", new SlateQuery { Count = 2 }, Cancelled);

        var row = Assert.Single(page.Rows);
        Assert.Equal(("trending", "Trending now", "r2", "t1"), (row.RowId, row.Name, row.RecommendationId, row.Items.Single().TitleId));
    }

    [Fact]
    public async Task GetHistory_SeveralPages_FollowsTheCursorToTheEnd()
    {
        _node.Answers["/v1/users/u1/history?limit=2"] = """{"userId":"u1","events":[{"eventId":"e3","titleId":"t","type":"levitate","occurredAt":"2026-01-03T00:00:00Z"},{"eventId":"e2","titleId":"t","type":"rate","value":4.5,"occurredAt":"2026-01-02T00:00:00Z"}],"next":"a b"}""";
        _node.Answers["/v1/users/u1/history?limit=2&cursor=a%20b"] = """{"userId":"u1","events":[{"eventId":"e1","titleId":"t","type":"play","occurredAt":"2026-01-01T00:00:00Z"}]}""";

        var history = await Client().GetHistoryAsync("u1", 2, Cancelled).ToListAsync(Cancelled);

        Assert.Equal(["e3", "e2", "e1"], history.Select(item => item.EventId));
        Assert.Equal([new EngagementType("levitate"), EngagementType.Rate, EngagementType.Play], history.Select(item => item.Type));
        Assert.Equal(4.5, history[1].Value);
    }

    [Fact]
    public async Task GetTitles_SeveralPages_AreReadOneAfterTheOther()
    {
        _node.Answers["/v1/titles?query=gravity&limit=2"] = """{"items":[{"titleId":"a","name":"A"},{"titleId":"b","name":"B"}],"next":"2"}""";
        _node.Answers["/v1/titles?query=gravity&limit=2&cursor=2"] = """{"items":[{"titleId":"c","name":"C"}]}""";

        Assert.Equal(["a", "b", "c"], (await Client().GetTitlesAsync("gravity", 2, Cancelled).ToListAsync(Cancelled)).Select(title => title.TitleId));
    }

    [Fact]
    public async Task GetTitleStats_Counters_AreRead()
    {
        _node.Answers["/v1/titles/t1/stats"] = """{"titleId":"t1","counts":{"play":3,"like":1},"popularity":{"short":0.5,"medium":1.5,"long":2.5},"updatedAt":"2026-01-01T00:00:00.123Z"}""";

        var stats = await Client().GetTitleStatsAsync("t1", Cancelled);

        Assert.Equal((3, 1, 0.5, 1.5, 2.5), (stats.Counts["play"], stats.Counts["like"], stats.Popularity.Short, stats.Popularity.Medium, stats.Popularity.Long));
        Assert.Equal(new DateTimeOffset(2026, 1, 1, 0, 0, 0, 123, TimeSpan.Zero), stats.UpdatedAt);
    }

    [Fact]
    public async Task GetTrendingAndSimilar_Items_AreRead()
    {
        _node.Answers["/v1/trending?country=SE&count=3&metadata=true"] = """{"items":[{"titleId":"t1","rank":1,"score":9.5}]}""";
        _node.Answers["/v1/titles/t1/similar?count=3"] = """{"titleId":"t1","items":[{"titleId":"t2","rank":1,"score":0.9,"reason":"Watched by the same people"}]}""";

        Assert.Equal(9.5, (await Client().GetTrendingAsync("SE", 3, metadata: true, Cancelled)).Items.Single().Score);
        Assert.Equal("Watched by the same people", (await Client().GetSimilarAsync("t1", 3, cancellationToken: Cancelled)).Items.Single().Reason);
    }

    [Fact]
    public async Task GetStatus_UnknownAndMissingFields_AreForgiven()
    {
        _node.Answers["/v1/status"] = """{"node":"n1","mood":"good","partitions":[{"partition":0,"offset":5,"colour":"red"}],"freshness":{"p99Milliseconds":12.5}}""";

        var status = await Client().GetStatusAsync(Cancelled);

        Assert.Equal(("n1", 5, 12.5, null), (status.Node, status.Partitions.Single().Offset, status.Freshness.P99Milliseconds, status.Freshness.P50Milliseconds));
        Assert.Equal((0, 0, 0), (status.Events.Accepted, status.Catalogue.Titles, status.Silos.Count));
    }

    [Fact]
    public async Task Titles_UpsertGetDelete_SpeakTheContract()
    {
        var title = new Title { TitleId = "t1", Name = "Alien", Kind = "film", ReleaseYear = 1979, Genres = ["Horror"], Availability = [new("SE", DateTimeOffset.UnixEpoch)] };

        var outcome = await Client().UpsertTitlesAsync([title], Cancelled);

        Assert.Equal((1, 0, 1, 0), (outcome.Created, outcome.Replaced, outcome.Accepted, outcome.Rejected));
        Assert.Equal(
            """{"titleId":"t1","name":"Alien","kind":"film","releaseYear":1979,"genres":["Horror"],"availability":[{"country":"SE","from":"1970-01-01T00:00:00Z"}]}""",
            _node.Bodies.Single().TrimEnd('\n'));
        _node.Answers["/v1/titles/t1"] = _node.Bodies.Single();
        Assert.Equal("Alien", (await Client().GetTitleAsync("t1", Cancelled))!.Name);
        Assert.Null(await Client().GetTitleAsync("t2", Cancelled));
        _node.Answers.Clear();
        Assert.True(await Client().DeleteTitleAsync("t1", Cancelled));
        Assert.True(await Client().EraseUserAsync("u1", Cancelled));
        Assert.Equal(["DELETE /v1/titles/t1", "DELETE /v1/users/u1"], _node.Calls[^2..]);
    }

    [Fact]
    public async Task GetTitle_Stub_HasNoName()
    {
        _node.Answers["/v1/titles/t1"] = """{"titleId":"t1","stub":true}""";

        var stub = (await Client().GetTitleAsync("t1", Cancelled))!;

        Assert.Equal(("", true), (stub.Name, stub.Stub));
        await Client().UpsertTitlesAsync([stub with { Name = "Alien" }], Cancelled);
        Assert.Equal("""{"titleId":"t1","name":"Alien"}""", _node.Bodies[^1].TrimEnd('\n'));
    }

    [Fact]
    public async Task Delete_NotThere_IsFalse()
    {
        _node.Troubles.Enqueue(Trouble.Status(HttpStatusCode.NotFound));

        Assert.False(await Client().DeleteTitleAsync("t1", Cancelled));
    }

    // A path of ".." is another resource to every HTTP stack: DELETE /v1/users/.. would be DELETE /v1/.
    [Theory]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("")]
    public async Task AnyCall_IdThatAPathCannotHold_IsNotSent(string id)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Client().EraseUserAsync(id, Cancelled));
        await Assert.ThrowsAsync<ArgumentException>(() => Client().GetTitleStatsAsync(id, Cancelled));

        Assert.Empty(_node.Calls);
    }

    [Fact]
    public async Task AnyCall_OddIds_AreOneSegment()
    {
        await Client().DeleteTitleAsync("a/b?c#d", Cancelled);

        Assert.Equal(["DELETE /v1/titles/a%2Fb%3Fc%23d"], _node.Calls);
    }

    [Fact]
    public async Task AnyCall_BaseAddressWithPath_KeepsThePath()
    {
        _node.Answers["/marquee/v1/status"] = """{"node":"n1"}""";
        var http = new HttpClient(_node) { BaseAddress = new Uri("http://proxy.test/marquee") };

        Assert.Equal("n1", (await new MarqueeClient(http).GetStatusAsync(Cancelled)).Node);
    }

    [Fact]
    public void Constructor_NoBaseAddress_SaysWhatToDo() =>
        Assert.Contains("BaseAddress", Assert.Throws<ArgumentException>(() => new MarqueeClient(new HttpClient(_node))).Message, StringComparison.Ordinal);

    private MarqueeClient Client() => new(_node.CreateHttpClient());
}
