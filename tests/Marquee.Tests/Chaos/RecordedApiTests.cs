using System.Net;
using System.Text;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Load;

namespace Marquee.Tests.Chaos;

/// <summary>What answers of the public API are taken for: only what certainly was not done is a failure.</summary>
public sealed class RecordedApiTests : IDisposable
{
    private static readonly RecordedEvent[] Batch = [new("a", "ada", "moon", "like"), new("b", "bob", "moon", "play"), new("c", "cy", "star", "like")];

    private readonly string _path = Path.GetTempFileName();
    private readonly HistoryFile _history;

    public RecordedApiTests() => _history = new HistoryFile(_path, TimeProvider.System);

    public void Dispose()
    {
        _history.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task Append_Accepted_IsOkWithItsPosition()
    {
        var outcome = await Api(202, """{"accepted":2,"duplicates":1,"rejected":0,"errors":[],"position":"3.1.7_4.1.9"}""").AppendAsync(Batch);
        Assert.Equal((RecordKind.Ok, "3.1.7_4.1.9", 1, 202), (outcome.Kind, outcome.Position, outcome.Duplicates, outcome.Status));
        Assert.Equal([RecordKind.Invoke, RecordKind.Ok], _history.Records.Select(record => record.Kind));
        Assert.Single(_history.Records.Select(record => record.Call).Distinct());
        Assert.Equal(Batch, _history.Records[0].Events!);
    }

    [Theory]
    [InlineData(503, """{"type":"/problems/unavailable"}""", nameof(RecordKind.Fail))]
    [InlineData(429, """{"type":"/problems/overloaded"}""", nameof(RecordKind.Fail))]
    [InlineData(504, """{"type":"/problems/outcome-unknown"}""", nameof(RecordKind.Unknown))]
    [InlineData(500, """{"type":"/problems/internal"}""", nameof(RecordKind.Unknown))]
    [InlineData(503, "Service Unavailable", nameof(RecordKind.Unknown))]
    [InlineData(502, "", nameof(RecordKind.Unknown))]
    [InlineData(202, "{", nameof(RecordKind.Unknown))]
    [InlineData(0, "", nameof(RecordKind.Unknown))]
    public async Task Append_NotAccepted_IsAFailureOnlyWhenTheProductSaysSo(int status, string body, string kind)
    {
        var outcome = await Api(status, body).AppendAsync(Batch);
        Assert.Equal((kind, null), (outcome.Kind.ToString(), outcome.Outcomes));
    }

    [Fact]
    public async Task Append_PartlyRefused_EachEventHasItsOutcome()
    {
        var outcome = await Api(503, """{"type":"/problems/unavailable","duplicates":1,"position":"3.1.7","written":[2],"notWritten":[0],"unknown":[1]}""").AppendAsync(Batch);
        Assert.Equal([RecordKind.Fail, RecordKind.Unknown, RecordKind.Ok], outcome.Outcomes!);
        Assert.Equal((RecordKind.Unknown, "3.1.7", 1), (outcome.Kind, outcome.Position, outcome.Duplicates));

        // What it does not mention is not known.
        outcome = await Api(503, """{"type":"/problems/unavailable","notWritten":[0,2]}""").AppendAsync(Batch);
        Assert.Equal([RecordKind.Fail, RecordKind.Unknown, RecordKind.Fail], outcome.Outcomes!);
        Assert.Equal(RecordKind.Unknown, outcome.Kind);

        outcome = await Api(503, """{"type":"/problems/unavailable","notWritten":[0,1,2]}""").AppendAsync(Batch);
        Assert.Equal(RecordKind.Fail, outcome.Kind);
    }

    [Fact]
    public async Task Read_History_IsRecordedWithWhatItShows()
    {
        await Api(200, """{"userId":"ada","events":[{"eventId":"a","titleId":"moon","type":"like","occurredAt":"2026-01-01T00:00:00Z"}],"degraded":true}""").ReadAsync("ada", "3.1.7");
        Assert.Equal(("ada", "3.1.7"), (_history.Records[0].User, _history.Records[0].After));
        Assert.Equal([Batch[0]], _history.Records[1].Events!);
        Assert.True(_history.Records[1].Degraded);
    }

    [Fact]
    public async Task Recommend_Slate_IsRecordedWithPositionAndReasons()
    {
        await Api(200, """{"position":"3.1.7","source":"cached","degraded":true,"items":[{"titleId":"a","becauseTitleId":"moon"},{"titleId":"b"},{"titleId":"c","becauseTitleId":"moon"}]}""").RecommendAsync("ada");
        var slate = _history.Records[1];
        Assert.Equal(("3.1.7", "cached", true), (slate.Position, slate.Source, slate.Degraded));
        Assert.Equal(["moon"], slate.Because!);

        await Api(200, """{"position":null,"source":"popular","degraded":true,"items":[{"titleId":"a"}]}""").RecommendAsync("ada");
        Assert.Null(_history.Records[3].Because);
    }

    [Theory]
    [InlineData(204, "", nameof(RecordKind.Ok))]
    [InlineData(504, """{"type":"/problems/outcome-unknown"}""", nameof(RecordKind.Unknown))]
    public async Task Erase_IsDoneOnlyWhenItIsAcknowledged(int status, string body, string kind)
    {
        Assert.Equal(kind == nameof(RecordKind.Ok), await Api(status, body).EraseAsync("cy"));
        Assert.Equal([nameof(RecordKind.Invoke), kind], _history.Records.Select(record => record.Kind.ToString()));
    }

    [Theory]
    [InlineData(200, """{"events":[],"degraded":false}""", true)]
    [InlineData(200, """{"events":[],"degraded":true}""", false)]
    [InlineData(503, """{"type":"/problems/unavailable"}""", false)]
    [InlineData(0, "", false)]
    public async Task FinalRead_CountsOnlyWhenItIsAnsweredInFull(int status, string body, bool counts)
    {
        Assert.Equal(counts, await Api(status, body).FinalReadAsync("ada") is { Kind: RecordKind.Final, Events.Count: 0 });
        Assert.Empty(_history.Records);
    }

    [Fact]
    public async Task FinalCount_OfATitle_IsWhatItSays()
    {
        var count = await Api(200, """{"titleId":"moon","counts":{"like":2,"play":0}}""").FinalCountAsync("moon");
        Assert.Equal(new Dictionary<string, long> { ["like"] = 2, ["play"] = 0 }, count!.Counts);
        Assert.Null(await Api(404, """{"type":"/problems/not-found"}""").FinalCountAsync("moon"));
    }

    private RecordedApi Api(int status, string body) => new(new HttpClient(new OneAnswer(status, body)) { BaseAddress = new Uri("http://node/") }, _history);

    /// <summary>Answers each request alike; with status 0 not at all.</summary>
    private sealed class OneAnswer(int status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => status == 0
            ? throw new HttpRequestException("The connection was reset.")
            : Task.FromResult(new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") });
    }
}
