using System.Text;
using Marquee.Contracts.Events;

namespace Marquee.Tests.Gateway;

public sealed class EventEndpointTests : IAsyncLifetime
{
    private const string Good = """{"eventId":"e1","userId":"u1","titleId":"t1","type":"play"}""";

    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_OneEvent_IsAcceptedWithPosition()
    {
        var answer = await _host.PostAsync("/v1/events", Good);

        Assert.Equal(202, answer.Status);
        Assert.Equal("""{"accepted":1,"duplicates":0,"rejected":0,"errors":[],"position":"51.1.0"}""", answer.Text);
        Assert.Equal(EngagementType.Play, Assert.Single(_host.Grains.Partitions.Log).Type);
    }

    [Fact]
    public async Task Post_SameEventTwice_IsADuplicate()
    {
        await _host.PostAsync("/v1/events", Good);
        var answer = await _host.PostAsync("/v1/events", Good);

        Assert.Equal(202, answer.Status);
        Assert.Equal((0, 1), (answer.Number("accepted"), answer.Number("duplicates")));
    }

    [Theory]
    [InlineData("""{"userId":"u1","titleId":"t1","type":"play"}""")]
    [InlineData("""{"type":"rate","value":4,"titleId":"t1","userId":"u1","occurredAt":"2026-02-01T10:00:00Z"}""")]
    public async Task Post_ExactRetryWithoutEventId_IsADuplicate(string body)
    {
        await _host.PostAsync("/v1/events", body);
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        var answer = await _host.PostAsync("/v1/events", body);

        Assert.Equal((0, 1), (answer.Number("accepted"), answer.Number("duplicates")));
        Assert.StartsWith("d-", Assert.Single(_host.Grains.Partitions.Log).EventId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ArrayWithBadItems_KeepsTheGoodOnesAndNamesTheBad()
    {
        var answer = await _host.PostAsync(
            "/v1/events",
            """[{"userId":"u1","titleId":"t1","type":"play"}, 7, {"userId":"u1","type":"gaze"}, {"userId":"u2","titleId":"t2","type":"like"}]""");

        Assert.Equal(202, answer.Status);
        Assert.Equal((2, 2), (answer.Number("accepted"), answer.Number("rejected")));
        Assert.Equal(["body", "type", "titleId"], answer.Fields);
        Assert.Equal([1, 2, 2], answer.Json.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("index").GetInt32()));
        Assert.Equal(["t1", "t2"], _host.Grains.Partitions.Log.Select(message => message.TitleId).Order());
    }

    [Fact]
    public async Task Post_ManyUsers_AnswersWithAllTouchedPartitions()
    {
        var users = Enumerable.Range(0, 200).Select(i => $"user-{i}").ToList();
        var answer = await _host.PostAsync("/v1/events", "[" + string.Join(',', users.Select(user => $$"""{"userId":"{{user}}","titleId":"t","type":"play"}""")) + "]");

        var touched = answer.Json.GetProperty("position").GetString()!.Split('_').Select(token => int.Parse(token.Split('.')[0], null));
        Assert.Equal(users.Select(user => PartitionHash.Of("default", user, 64)).Distinct().Order(), touched);
        Assert.Equal(200, answer.Number("accepted"));
    }

    [Fact]
    public async Task Post_EventsOfOneUser_KeepTheirOrder()
    {
        string[] types = ["click", "play", "progress", "progress", "complete", "like"];
        var events = types.Select((type, i) => $$"""{"eventId":"e{{i}}","userId":"u1","titleId":"t1","type":"{{type}}"}""");
        await _host.PostAsync("/v1/events", $"[{string.Join(',', events)}]");

        Assert.Equal(["e0", "e1", "e2", "e3", "e4", "e5"], _host.Grains.Partitions.Log.Select(message => message.EventId));
    }

    [Fact]
    public async Task Post_Lines_SpoilOnlyThemselves()
    {
        var answer = await _host.PostAsync(
            "/v1/events",
            "\uFEFF{\"userId\":\"u1\",\"titleId\":\"t1\",\"type\":\"play\"}\r\n\n{\"userId\":\"u1\",\n{} {}\n{\"userId\":\"u1\",\"titleId\":\"t2\",\"type\":\"play\"} x\n{\"userId\":\"u1\",\"titleId\":\"t3\",\"type\":\"play\"}",
            "application/x-ndjson");

        Assert.Equal(202, answer.Status);
        Assert.Equal((2, 3), (answer.Number("accepted"), answer.Number("rejected")));
        Assert.Equal(["t1", "t3"], _host.Grains.Partitions.Log.Select(message => message.TitleId));
        var errors = answer.Json.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal([1, 2, 2, 2, 2, 3], errors.Select(error => error.GetProperty("index").GetInt32()));
        Assert.Contains("line 3", errors[0].GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_AllItemsBad_IsAProblemWithErrors()
    {
        var answer = await _host.PostAsync("/v1/events", """[{"userId":"u"},{"titleId":"t"}]""");

        Assert.Equal(400, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.Equal("invalid-request", answer.ProblemType);
        Assert.Equal(2, answer.Number("rejected"));
        Assert.Equal(["titleId", "type", "userId", "type"], answer.Fields);
    }

    [Theory]
    [InlineData("", "application/json")]
    [InlineData("  \n ", "application/json")]
    [InlineData("[]", "application/json")]
    [InlineData("\uFEFF", "application/json")]
    [InlineData("", "application/x-ndjson")]
    [InlineData("\n\r\n  \n", "application/x-ndjson")]
    public async Task Post_NothingThere_NamesTheBody(string body, string mediaType)
    {
        var answer = await _host.PostAsync("/v1/events", body, mediaType);

        Assert.Equal(400, answer.Status);
        Assert.Equal(["body"], answer.Fields);
    }

    [Theory]
    [InlineData("{", "Line 1, byte 2")]
    [InlineData("[{\"userId\":\"u\"},\n {'a':1}]", "Line 2, byte 3")]
    [InlineData("[{}] x", "Line 1, byte 6")]
    [InlineData("{\"value\":NaN}", "Line 1, byte 10")]
    [InlineData("{\"value\":Infinity}", "Line 1, byte 10")]
    [InlineData("{\"value\":01}", "Line 1, byte 11")]
    [InlineData("[{},]", "Line 1, byte 5")]
    [InlineData("{\"a\":1 /* b */}", "Line 1, byte 8")]
    [InlineData("nul", "Line 1, byte 4")]
    public async Task Post_NotJson_TellsThePlace(string body, string place)
    {
        var answer = await _host.PostAsync("/v1/events", body);

        Assert.Equal((400, "malformed-json"), (answer.Status, answer.ProblemType));
        Assert.StartsWith(place, answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(["body"], answer.Fields);
    }

    [Fact]
    public async Task Post_Utf16_IsNotJson() =>
        Assert.Equal("malformed-json", (await _host.SendAsync(HttpMethod.Post, "/v1/events", [0xff, 0xfe, .. Encoding.Unicode.GetBytes(Good)], "application/json")).ProblemType);

    [Theory]
    [InlineData(60, 400, "invalid-request")]
    [InlineData(100_000, 400, "malformed-json")]
    public async Task Post_DeepNesting_IsRefused(int depth, int status, string type)
    {
        var answer = await _host.PostAsync("/v1/events", $$"""{"userId":{{new string('[', depth)}}{{new string(']', depth)}},"titleId":"t","type":"play"}""");

        Assert.Equal((status, type), (answer.Status, answer.ProblemType));
    }

    [Theory]
    [InlineData(1_000, "application/json", 202)]
    [InlineData(1_001, "application/json", 413)]
    [InlineData(1_000, "application/x-ndjson", 202)]
    [InlineData(1_001, "application/x-ndjson", 413)]
    public async Task Post_BatchSize_IsBounded(int count, string mediaType, int status)
    {
        var events = Enumerable.Range(0, count).Select(i => $$"""{"userId":"u{{i}}","titleId":"t","type":"play"}""");
        var body = mediaType == "application/json" ? $"[{string.Join(',', events)}]" : string.Join('\n', events);
        var answer = await _host.PostAsync("/v1/events", body, mediaType);

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 202 ? count : 0, _host.Grains.Partitions.Log.Count);
        Assert.True(status == 202 || (answer.ProblemType == "too-many-items" && answer.Fields is ["body"]));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Post_TenMegabytes_IsTooLarge(bool knowsItsLength)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
        request.Content = new StreamContent(new MemoryStream(new byte[10_000_000]));
        request.Content.Headers.ContentType = new("application/json");
        request.Content.Headers.ContentLength = knowsItsLength ? 10_000_000 : null;
        request.Headers.TransferEncodingChunked = !knowsItsLength;
        using var response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(413, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("body-too-large", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_BodyOfManyReads_IsPutTogether()
    {
        var events = Enumerable.Range(0, 1_000).Select(i => $$"""{"userId":"u{{i}}","titleId":"t{{i}}","type":"play","device":"{{new string('d', 120)}}"}""");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/events");
        request.Content = new StreamContent(new MemoryStream(Encoding.UTF8.GetBytes($"[{string.Join(',', events)}]")), 1_000);
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.TransferEncodingChunked = true;
        using var response = await _host.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal(1_000, _host.Grains.Partitions.Log.Count);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Post_OtherMediaType_IsRefused(string? mediaType)
    {
        var answer = await _host.SendAsync(HttpMethod.Post, "/v1/events", Encoding.UTF8.GetBytes(Good), mediaType);

        Assert.Equal((415, "unsupported-media-type"), (answer.Status, answer.ProblemType));
    }

    [Theory]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("Application/JSON; charset=\"UTF-8\"")]
    public async Task Post_CharsetUtf8_IsTaken(string mediaType) =>
        Assert.Equal(202, (await _host.PostAsync("/v1/events", Good, mediaType)).Status);

    [Fact]
    public async Task Post_CompressedBody_IsRefused()
    {
        using var content = new ByteArrayContent([31, 139, 8]);
        content.Headers.ContentType = new("application/json");
        content.Headers.ContentEncoding.Add("gzip");
        using var response = await _host.Client.PostAsync("/v1/events", content, TestContext.Current.CancellationToken);

        Assert.Equal(415, (int)response.StatusCode);
    }

    [Fact]
    public async Task Post_QueryParameter_IsRefusedByName() =>
        Assert.Equal(["sync"], (await _host.PostAsync("/v1/events?sync=true", Good)).Fields);
}
