using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Marquee.Cli;
using Marquee.Cli.Chaos;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Load;

namespace Marquee.Tests.Chaos;

/// <summary>What the review in the end takes for a healed cluster, and what it reads of it.</summary>
public sealed class FinalReviewTests : IDisposable
{
    private readonly string _path = Path.GetTempFileName();
    private readonly HistoryFile _history;
    private readonly FakeCluster _cluster;
    private readonly FinalReview _review;
    private readonly RecordedApi _api;

    public FinalReviewTests()
    {
        _history = new HistoryFile(_path, new ImpatientTime());
        _cluster = new FakeCluster();
        var http = _cluster.OpenSilo(0);
        _api = new RecordedApi(http, _history);
        _review = new FinalReview(_cluster, _api, http, _history);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _history.Dispose();
        _cluster.Dispose();
        File.Delete(_path);
    }

    [Fact]
    public async Task Prepare_RefusedAtFirst_IsSentAgainUntilItIsTaken()
    {
        _cluster.TitleRefusals = 1;
        await _review.PrepareAsync(Cancelled);
        Assert.Equal(ChaosLoad.Watchers.Length * 3, _cluster.Events.Count);
    }

    [Fact]
    public async Task Prepare_NeverTaken_FailsTheRun()
    {
        _cluster.TitleRefusals = int.MaxValue;
        var failure = await Assert.ThrowsAsync<CommandFailure>(() => _review.PrepareAsync(Cancelled));
        Assert.Contains("503 for the titles", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_HealthyCluster_IsReadWholeAndEndedSiloBySilo()
    {
        await _api.AppendAsync([new RecordedEvent("a", "ada", ChaosLoad.Titles[1], "like"), new RecordedEvent("d", "cy", ChaosLoad.Titles[1], "play")]);
        await _api.EraseAsync("cy");
        await _review.RunAsync(Cancelled);

        HistoryRecord[] finals = [.. _history.Records.Where(record => record.Kind == RecordKind.Final)];
        Assert.Null(Assert.Single(finals, record => record.Action == CallAction.Liveness).Detail);
        var fresh = Assert.Single(finals, record => record is { Action: CallAction.Read } && record.User!.StartsWith("liveness-", StringComparison.Ordinal));
        Assert.Single(fresh.Events!);
        Assert.Equal("a", Assert.Single(Assert.Single(finals, record => record is { Action: CallAction.Read, User: "ada" }).Events!).Id);
        Assert.Empty(Assert.Single(finals, record => record is { Action: CallAction.Read, User: "cy" }).Events!);
        Assert.Equal(ChaosLoad.Titles, finals.Where(record => record.Action == CallAction.Count).Select(record => record.Title));
        Assert.Equal(2, finals.Single(record => record.Title == ChaosLoad.Titles[1]).Counts!.Values.Sum());

        // Who was erased is asked for recommendations too; silos end last, one after the other.
        Assert.Equal("cy", Assert.Single(_history.Records, record => record is { Kind: RecordKind.Invoke, Action: CallAction.Recommend }).User);
        Assert.Equal([1, 2, 3], _cluster.Retired);
        Assert.False(_cluster.WasAskedAfterRetiring);
    }

    [Theory]
    [InlineData("unready", "silo 1 is not ready")]
    [InlineData("fewer", "knows 2 active silos")]
    [InlineData("lag", "partition 3 is behind")]
    [InlineData("silent", "silo 1 does not answer")]
    [InlineData("refuses", "a fresh event is refused with 503")]
    [InlineData("forgets", "a fresh event is not read")]
    public async Task Run_ClusterDoesNotHeal_IsRecordedWithTheReason(string illness, string found)
    {
        _cluster.Illness = illness;
        await _review.RunAsync(Cancelled);
        Assert.Contains(found, Assert.Single(_history.Records, record => record.Action == CallAction.Liveness).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ClusterHealsLate_IsWaitedFor()
    {
        _cluster.Illness = "lag";
        _cluster.IllAnswers = 2;
        await _review.RunAsync(Cancelled);
        Assert.Null(Assert.Single(_history.Records, record => record.Action == CallAction.Liveness).Detail);
    }

    [Fact]
    public async Task Run_SiloDoesNotEnd_IsAViolation()
    {
        _cluster.Stays = 2;
        await _review.RunAsync(Cancelled);
        Assert.Equal(["silo 2 stays"], _history.Records.Where(record => record.Action == CallAction.Liveness).Select(record => record.Detail).OfType<string>());
        Assert.Contains(HistoryChecker.Check(_history.Records), violation => violation is { Rule: "liveness", Detail: "silo 2 stays" });
    }

    /// <summary>A clock that is moved by whoever waits, so that nobody does.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Add(ref _ticks, dueTime.Ticks);
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    /// <summary>Three silos and a front door in memory; whoever is asked holds all events.</summary>
    private sealed class FakeCluster : HttpMessageHandler, IReviewedCluster
    {
        private readonly HashSet<string> _erased = [];

        public IReadOnlyList<int> Silos => [1, 2, 3];

        public List<int> Retired { get; } = [];

        public List<(string Id, string User, string Title, string Type)> Events { get; } = [];

        public string? Illness { get; set; }

        /// <summary>After so many statuses the illness is over.</summary>
        public int IllAnswers { get; set; } = int.MaxValue;

        public int TitleRefusals { get; set; }

        /// <summary>The silo that does not end.</summary>
        public int Stays { get; set; }

        public bool WasAskedAfterRetiring { get; private set; }

        public HttpClient OpenSilo(int number) => new(this, disposeHandler: false) { BaseAddress = new Uri($"http://silo-{number}/") };

        public Task<string?> RetireAsync(int number)
        {
            Retired.Add(number);
            return Task.FromResult(number == Stays ? $"silo {number} stays" : null);
        }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            WasAskedAfterRetiring |= Retired.Count > 0;
            string[] path = request.RequestUri!.AbsolutePath.Trim('/').Split('/');
            switch (path)
            {
                case ["v1", "status"]:
                    return Status();
                case ["v1", "titles"]:
                    return TitleRefusals-- > 0 ? Answer(503, """{"type":"/problems/unavailable"}""") : Answer(200, "{}");
                case ["v1", "events"] when Illness == "refuses":
                    return Answer(503, """{"type":"/problems/unavailable","detail":"no"}""");
                case ["v1", "events"]:
                    foreach (var entry in JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsArray())
                    {
                        Events.Add(((string)entry!["eventId"]!, (string)entry["userId"]!, (string)entry["titleId"]!, (string)entry["type"]!));
                    }

                    return Answer(202, """{"position":"1.1.1","duplicates":0}""");
                case ["v1", "users", var user, "history"]:
                    var shown = Events.Where(entry => entry.User == user && !_erased.Contains(user) && Illness != "forgets")
                        .Select(entry => $$"""{"eventId":"{{entry.Id}}","titleId":"{{entry.Title}}","type":"{{entry.Type}}"}""");
                    return Answer(200, $$"""{"events":[{{string.Join(',', shown)}}],"degraded":false}""");
                case ["v1", "users", _, "recommendations"]:
                    return Answer(200, """{"position":null,"source":"personal","degraded":false,"items":[]}""");
                case ["v1", "users", var user]:
                    _erased.Add(user);
                    return Answer(204, "");
                case ["v1", "titles", var title, "stats"]:
                    var counts = Events.Where(entry => entry.Title == title).GroupBy(entry => entry.Type).Select(group => $"\"{group.Key}\":{group.Count()}");
                    return Answer(200, "{\"counts\":{" + string.Join(',', counts) + "}}");
                default:
                    throw new InvalidOperationException($"Nobody answers {request.RequestUri}.");
            }
        }

        private HttpResponseMessage Status()
        {
            var illness = IllAnswers-- > 0 ? Illness : null;
            if (illness == "silent")
            {
                throw new HttpRequestException("The connection was refused.");
            }

            var silos = string.Join(',', Enumerable.Range(1, 3).Select(silo => $$"""{"address":"{{silo}}","status":"{{(illness == "fewer" && silo == 3 ? "Dead" : "Active")}}"}"""));
            return Answer(200, $$"""
                {"ready":{{(illness == "unready" ? "false" : "true")}},"silos":[{{silos}}],
                 "partitions":[{"partition":3,"silo":"1","state":"open","lag":{{(illness == "lag" ? 7 : 0)}}}]}
                """);
        }

        private static HttpResponseMessage Answer(int status, string body) => new((HttpStatusCode)status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
    }
}
