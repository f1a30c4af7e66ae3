using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;

namespace Marquee.Tests.Gateway;

public sealed class TitleEndpointTests : IAsyncLifetime
{
    private const string Full =
        """
        {"titleId":"t1","name":"Moon","kind":"film","releaseDate":"2009-07-10","releaseYear":2009,"genres":["Drama","Sci-Fi"],"tags":["space"],"languages":["en"],
         "countries":["gb"],"runtimeSeconds":5820,"maturity":"R","people":["Sam Rockwell"],"owner":"Liberty","exclusive":true,"seriesId":"s1","season":1,"episode":2,
         "availability":[{"country":"us","from":"2026-01-01T00:00:00Z","until":1798761600000},{"country":"DE"}],"description":"Alone on the far side."}
        """;

    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Put_NewTitle_IsCreatedAndShown()
    {
        var put = await _host.SendAsync(HttpMethod.Put, "/v1/titles/t1", System.Text.Encoding.UTF8.GetBytes(Full), "application/json");
        var get = await _host.GetAsync("/v1/titles/t1");

        Assert.Equal((201, 200), (put.Status, get.Status));
        Assert.Equal(put.Text, get.Text);
        Assert.Equal(
            """
            {"titleId":"t1","name":"Moon","kind":"film","releaseDate":"2009-07-10","releaseYear":2009,"genres":["Drama","Sci-Fi"],"tags":["space"],"languages":["en"],
            "countries":["GB"],"runtimeSeconds":5820,"maturity":"R","people":["Sam Rockwell"],"owner":"Liberty","exclusive":true,"seriesId":"s1","season":1,"episode":2,
            "availability":[{"country":"US","from":"2026-01-01T00:00:00Z","until":"2027-01-01T00:00:00Z"},{"country":"DE"}],"description":"Alone on the far side."}
            """.ReplaceLineEndings(""),
            get.Text);
    }

    [Fact]
    public async Task Put_KnownTitle_IsReplaced()
    {
        await _host.PostAsync("/v1/titles", """{"titleId":"t1","name":"Old"}""");
        var answer = await _host.SendAsync(HttpMethod.Put, "/v1/titles/t1", """{"name":"New","releaseDate":"2009-07-10"}"""u8.ToArray(), "application/json");

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"titleId":"t1","name":"New","kind":"film","releaseDate":"2009-07-10","releaseYear":2009}""", answer.Text);
    }

    [Theory]
    [InlineData("""{"titleId":"t2","name":"x"}""", "titleId")]
    [InlineData("""[{"name":"x"},{"name":"y"}]""", "body")]
    [InlineData("{}", "name")]
    [InlineData("", "body")]
    public async Task Put_NotThatTitle_IsRefused(string body, string field)
    {
        var answer = await _host.SendAsync(HttpMethod.Put, "/v1/titles/t1", System.Text.Encoding.UTF8.GetBytes(body), "application/json");

        Assert.Equal(400, answer.Status);
        Assert.Equal([field], answer.Fields);
        Assert.Empty(_host.Grains.Catalogue.Titles);
    }

    [Fact]
    public async Task Put_Lines_AreNotUnderstood() =>
        Assert.Equal(415, (await _host.SendAsync(HttpMethod.Put, "/v1/titles/t1", """{"name":"x"}"""u8.ToArray(), "application/x-ndjson")).Status);

    [Theory]
    [InlineData("""[{"titleId":"a","name":"A"},{"titleId":"b"},{"titleId":"c","name":"C"}]""", "application/json")]
    [InlineData("{\"titleId\":\"a\",\"name\":\"A\"}\n{\"titleId\":\"b\"}\n{\"titleId\":\"c\",\"name\":\"C\"}\n", "application/x-ndjson")]
    public async Task Post_Batch_KeepsTheGoodOnes(string body, string mediaType)
    {
        var answer = await _host.PostAsync("/v1/titles", body, mediaType);

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"created":2,"replaced":0,"rejected":1,"errors":[{"index":1,"field":"name","message":"is required"}],"version":1}""", answer.Text);
        Assert.Equal(["a", "c"], _host.Grains.Catalogue.Titles.Keys);
    }

    [Fact]
    public async Task Post_SameIdTwice_TheLaterOneCounts()
    {
        var answer = await _host.PostAsync("/v1/titles", """[{"titleId":"a","name":"First"},{"titleId":"b","name":"B"},{"titleId":"a","name":"Second"}]""");

        Assert.Equal(2, answer.Number("created"));
        Assert.Equal("Second", _host.Grains.Catalogue.Titles["a"]!.Name);
    }

    [Fact]
    public async Task Post_TooMany_IsRefused()
    {
        var titles = Enumerable.Range(0, 1_001).Select(i => $$"""{"titleId":"t{{i}}","name":"n"}""");

        Assert.Equal("too-many-items", (await _host.PostAsync("/v1/titles", $"[{string.Join(',', titles)}]")).ProblemType);
    }

    [Fact]
    public async Task Write_Written_WaitsForTheReplica()
    {
        await _host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}""");
        _host.Grains.Catalogue.Reached = _ => throw new TimeoutException();
        var late = await _host.SendAsync(HttpMethod.Delete, "/v1/titles/a");

        Assert.Equal([1, 2], _host.Grains.Catalogue.WaitedFor);
        Assert.Equal(204, late.Status);
    }

    [Theory]
    [InlineData(CatalogueWriteOutcome.Busy, 429, "overloaded")]
    [InlineData(CatalogueWriteOutcome.Unavailable, 503, "unavailable")]
    [InlineData(CatalogueWriteOutcome.Unknown, 503, "outcome-unknown")]
    public async Task Write_NotWritten_SaysSo(CatalogueWriteOutcome outcome, int status, string type)
    {
        _host.Grains.Catalogue.WriteFailure = () => new CatalogueWriteResult(outcome, 0, 0, 0, "No room.");
        foreach (var answer in (Answer[])
            [
                await _host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}"""),
                await _host.SendAsync(HttpMethod.Put, "/v1/titles/a", """{"name":"A"}"""u8.ToArray(), "application/json"),
                await _host.SendAsync(HttpMethod.Delete, "/v1/titles/a"),
            ])
        {
            Assert.Equal((status, type), (answer.Status, answer.ProblemType));
            Assert.NotNull(answer.RetryAfter);
        }
    }

    [Fact]
    public async Task Write_FeedDoesNotAnswer_IsUnknown()
    {
        _host.Grains.Catalogue.WriteFailure = () => throw new TimeoutException();

        Assert.Equal("outcome-unknown", (await _host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}""")).ProblemType);
    }

    [Theory]
    [InlineData(5, 200)]
    [InlineData(int.MaxValue, 503)]
    public async Task Write_FeedComesUpElsewhereMeanwhile_IsWrittenAgainWithinTheBudget(int failuresMost, int status)
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(6));
        var (catalogue, failures) = (host.Grains.Catalogue, 0);
        catalogue.WriteFailure = () =>
        {
            if (failures++ < failuresMost)
            {
                throw new SiloUnavailableException();
            }

            catalogue.WriteFailure = null;
            return new CatalogueWriteResult(CatalogueWriteOutcome.Unknown, 0, 0, 0, null);
        };
        var answer = await host.InTime(host.PostAsync("/v1/titles", """[{"titleId":"a","name":"A"},{"titleId":"b","name":"B"}]"""));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 200 ? ["a", "b"] : [], catalogue.Titles.Keys);
    }

    /// <remarks>The first attempt removed it, and its answer was lost.</remarks>
    [Fact]
    public async Task Delete_AnEarlierAttemptRemovedIt_IsDone()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(6));
        await host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}""");
        var catalogue = host.Grains.Catalogue;
        catalogue.WriteFailure = () =>
        {
            catalogue.Titles.Remove("a");
            catalogue.WriteFailure = null;
            throw new TimeoutException();
        };

        Assert.Equal(204, (await host.InTime(host.SendAsync(HttpMethod.Delete, "/v1/titles/a"))).Status);
    }

    /// <remarks>"Nothing was written" would be a lie: the attempt before may have been carried out.</remarks>
    [Theory]
    [InlineData(CatalogueWriteOutcome.Busy)]
    [InlineData(CatalogueWriteOutcome.Unavailable)]
    public async Task Write_RefusedAfterAnAttemptOfUnknownOutcome_StaysUnknown(CatalogueWriteOutcome outcome)
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(6));
        var attempts = 0;
        host.Grains.Catalogue.WriteFailure = () => attempts++ == 0 ? throw new TimeoutException() : new CatalogueWriteResult(outcome, 0, 0, 0, null);
        var answer = await host.InTime(host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}"""));

        Assert.Equal("outcome-unknown", answer.ProblemType);
        Assert.InRange(attempts, 2, int.MaxValue);
    }

    [Fact]
    public async Task Write_FeedStandsStill_IsUnknownWhenTheBudgetIsSpent()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(6));
        host.Grains.Catalogue.WriteDelay = new TaskCompletionSource().Task;

        Assert.Equal("outcome-unknown", (await host.InTime(host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}"""))).ProblemType);
    }

    [Fact]
    public async Task Write_TooManyCallsWaitForTheFeed_IsRefusedAtOnce()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(6));
        host.Grains.Catalogue.WriteFailure = () => throw new LimitExceededException("The limit was reached.");
        var answer = await host.PostAsync("/v1/titles", """{"titleId":"a","name":"A"}""");

        Assert.Equal((429, "overloaded"), (answer.Status, answer.ProblemType));
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task Delete_UnknownTitle_IsNotFound()
    {
        var answer = await _host.SendAsync(HttpMethod.Delete, "/v1/titles/x");

        Assert.Equal((404, "not-found"), (answer.Status, answer.ProblemType));
    }

    [Theory]
    [InlineData("/v1/titles/x")]
    [InlineData("/v1/titles/x/stats")]
    [InlineData("/v1/titles/x/similar")]
    public async Task Get_UnknownTitle_IsNotFound(string path) => Assert.Equal((404, "not-found"), await Ending(path));

    [Theory]
    [InlineData("/v1/titles/x")]
    [InlineData("/v1/titles/x/similar")]
    [InlineData("/v1/titles")]
    public async Task Get_CatalogueDoesNotAnswer_IsUnavailable(string path)
    {
        _host.Grains.Catalogue.ReadFailure = () => new TimeoutException();

        Assert.Equal((503, "unavailable"), await Ending(path));
    }

    [Fact]
    public async Task Get_Stub_SaysThatItIsOne()
    {
        _host.Grains.Catalogue.Titles["x"] = null;

        Assert.Equal("""{"titleId":"x","stub":true}""", (await _host.GetAsync("/v1/titles/x")).Text);
    }

    [Fact]
    public async Task List_Query_FindsNames()
    {
        await _host.PostAsync("/v1/titles", """[{"titleId":"a","name":"Moon"},{"titleId":"b","name":"Sun"}]""");

        Assert.Equal("""{"items":[{"titleId":"a","name":"Moon","kind":"film"}]}""", (await _host.GetAsync("/v1/titles?query=moon&limit=5")).Text);
    }

    [Fact]
    public async Task GetStats_Counters_AreNamedByType()
    {
        _host.Grains.Statistics = () => new TitleStatisticsMessage { Counts = [0, 9, 0, 3], Popularity = [0.5, 1.5, 2.5], UpdatedAt = 1_772_366_400_250 };
        var answer = await _host.GetAsync("/v1/titles/x/stats");

        Assert.Equal(
            """
            {"titleId":"x","counts":{"impression":9,"click":0,"play":3,"progress":0,"complete":0,"abandon":0,"like":0,"dislike":0,"rate":0,"addToList":0,"removeFromList":0,"hide":0,"unhide":0},
            "popularity":{"short":0.5,"medium":1.5,"long":2.5},"updatedAt":"2026-03-01T12:00:00.25Z"}
            """.ReplaceLineEndings(""),
            answer.Text);
    }

    public static TheoryData<string, string> BadFields() => new()
    {
        { "titleId", "\"a/b\"" }, { "titleId", "\"..\"" }, { "titleId", "null" }, { "name", "\"\"" }, { "name", "null" }, { "name", "7" }, { "name", $"\"{new string('n', 501)}\"" },
        { "kind", "\"movie\"" }, { "kind", "1" }, { "releaseDate", "\"9999-01-01\"" }, { "releaseDate", "\"2009-02-30\"" }, { "releaseDate", "\"2009-07-10T00:00:00Z\"" }, { "releaseDate", "2009" },
        { "releaseYear", "9999" }, { "releaseYear", "2009.5" }, { "releaseYear", "\"2009\"" }, { "releaseYear", "1e999" }, { "runtimeSeconds", "0" }, { "runtimeSeconds", "99999999999" },
        { "exclusive", "\"yes\"" }, { "season", "-1" }, { "episode", "{}" }, { "seriesId", "\"\"" }, { "description", $"\"{new string('d', 10_001)}\"" }, { "maturity", $"\"{new string('m', 33)}\"" },
        { "genres", "\"Drama\"" }, { "genres[0]", "[1]" }, { "genres[1]", "[\"a\",null]" }, { "tags[0]", "[[]]" }, { "people[0]", "[\"\\ud800\"]" }, { "countries[0]", "[\"USA\"]" },
        { "genres", $"[{string.Join(',', Enumerable.Repeat("\"g\"", 201))}]" }, { "availability", "{}" }, { "availability[0]", "[1]" }, { "availability[0].country", "[{}]" },
        { "availability[0].country", "[{\"country\":\"x\"}]" }, { "availability[0].from", "[{\"country\":\"US\",\"from\":\"9999-12-31T00:00:00Z\"}]" },
        { "availability[0].until", "[{\"country\":\"US\",\"from\":2,\"until\":1}]" }, { "availability[0].region", "[{\"country\":\"US\",\"region\":1}]" },
        { "availability[0].country", "[{\"country\":\"US\",\"country\":\"US\"}]" }, { "colour", "[{\"deep\":[1,2,{}]}]" }, { "Name", "\"x\"" },
    };

    [Theory]
    [MemberData(nameof(BadFields))]
    public async Task Post_BadField_IsNamedAlone(string named, string value)
    {
        Dictionary<string, string> fields = new() { ["titleId"] = "\"t\"", ["name"] = "\"n\"" };
        fields[named.Split('[')[0]] = value;
        var answer = await _host.PostAsync("/v1/titles", "{" + string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}");

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.ProblemType));
        Assert.Equal([named], answer.Fields);
    }

    [Theory]
    [InlineData("""{"titleId":"t","name":"n","name":"m"}""", "name")]
    [InlineData("""{"titleId":"t","name":"n","releaseDate":"2009-07-10","releaseYear":2010}""", "releaseYear")]
    public async Task Post_Contradiction_IsNamed(string body, string field) => Assert.Equal([field], (await _host.PostAsync("/v1/titles", body)).Fields);

    private async Task<(int Status, string Type)> Ending(string path)
    {
        var answer = await _host.GetAsync(path);
        return (answer.Status, answer.ProblemType);
    }
}
