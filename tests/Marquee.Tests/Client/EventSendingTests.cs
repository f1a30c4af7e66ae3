using System.Net;
using System.Text.Json.Nodes;
using Marquee.Client;
using Marquee.Client.Events;

namespace Marquee.Tests.Client;

public sealed class EventSendingTests
{
    private readonly FakeNode _node = new();
    private readonly ArmedTime _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SendEvents_WithoutId_GetsOneBeforeTheFirstAttempt()
    {
        var outcome = await Client().SendEventsAsync([Play("u1"), Play("u2") with { EventId = "mine" }], Cancelled);

        Assert.Equal((2, 0, 0, 1, "1.1.1"), (outcome.Accepted, outcome.Duplicates, outcome.Rejected, outcome.Attempts, outcome.Position));
        Assert.True(Guid.TryParse((string?)_node.Events[0]["eventId"], out var id) && id.Version == 7);
        Assert.Equal("mine", (string?)_node.Events[1]["eventId"]);
    }

    [Fact]
    public async Task SendEvents_Event_IsWrittenAsTheContractSays()
    {
        var engagement = new EngagementEvent
        {
            EventId = "e1",
            UserId = "u1",
            TitleId = "t1",
            Type = EngagementType.AddToList,
            OccurredAt = new DateTimeOffset(2025, 6, 1, 14, 30, 0, 250, TimeSpan.FromHours(2)),
            Country = "SE",
        };

        await Client().SendEventsAsync([engagement], Cancelled);

        Assert.Equal(
            """{"eventId":"e1","userId":"u1","titleId":"t1","type":"addToList","occurredAt":"2025-06-01T12:30:00.25Z","country":"SE"}""",
            _node.Bodies.Single().TrimEnd('\n'));
    }

    [Theory]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.GatewayTimeout)]
    public async Task SendEvents_TransientStatus_IsSentAgainWithTheSameIds(HttpStatusCode status)
    {
        _node.Troubles.Enqueue(Trouble.Status(status));
        _node.Troubles.Enqueue(Trouble.Status(status));

        var sending = Client().SendEventsAsync([Play("u1"), Play("u2")], Cancelled);
        await _time.PassUntilAsync(sending);

        Assert.Equal(3, (await sending).Attempts);
        Assert.Single(_node.Bodies.Distinct());
    }

    [Fact]
    public async Task SendEvents_LandedButAnswerLost_CountsOnce()
    {
        _node.Troubles.Enqueue(Trouble.AnswerLost);

        var sending = Client().SendEventsAsync([Play("u1"), Play("u2")], Cancelled);
        await _time.PassUntilAsync(sending);

        var outcome = await sending;
        Assert.Equal((0, 2, 2), (outcome.Accepted, outcome.Duplicates, outcome.Attempts));
        Assert.Equal(2, _node.Events.Count);
    }

    [Fact]
    public async Task SendEvents_NoAnswerInTime_IsSentAgainWithTheSameIds()
    {
        var silence = new TaskCompletionSource();
        _node.Troubles.Enqueue(Trouble.Silence(silence.SetResult));
        var options = new MarqueeClientOptions { TimeProvider = _time, AttemptTimeout = TimeSpan.FromSeconds(10), FirstBackoff = TimeSpan.Zero };

        var sending = new MarqueeClient(_node.CreateHttpClient(), options).SendEventsAsync([Play("u1")], Cancelled);
        await silence.Task;
        _time.Advance(TimeSpan.FromSeconds(10));

        var outcome = await sending;
        Assert.Equal((0, 1, 2), (outcome.Accepted, outcome.Duplicates, outcome.Attempts));
        Assert.Single(_node.Bodies.Distinct());
    }

    [Fact]
    public async Task SendEvents_RetryAfter_IsHonoured()
    {
        _node.Troubles.Enqueue(Trouble.Status(HttpStatusCode.TooManyRequests, TimeSpan.FromSeconds(7)));
        var failed = new List<FailedAttempt>();

        var sending = Client(failed.Add).SendEventsAsync([Play("u1")], Cancelled);

        Assert.InRange(await _time.PassUntilAsync(sending), TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(7.8));
        Assert.Equal(2, (await sending).Attempts);
        Assert.Equal((1, HttpStatusCode.TooManyRequests), (failed.Single().Attempt, Assert.IsType<MarqueeProblemException>(failed.Single().Cause).Status));
    }

    [Fact]
    public async Task SendEvents_RetryAfterBeyondTheBudget_GivesUpAtOnce()
    {
        _node.Troubles.Enqueue(Trouble.Status(HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5)));

        var failure = await Assert.ThrowsAsync<MarqueeUnavailableException>(() => Client().SendEventsAsync([Play("u1")], Cancelled));

        Assert.Equal((1, false, TimeSpan.Zero), (failure.Attempts, failure.MaybeApplied, failure.Elapsed));
    }

    [Fact]
    public async Task SendEvents_BudgetSpent_HandsBackTheEventsWithTheirIds()
    {
        foreach (var _ in Enumerable.Range(0, 100))
        {
            _node.Troubles.Enqueue(Trouble.Refused);
        }

        var sending = Client().SendEventsAsync([Play("u1"), Play("u2")], Cancelled);
        var passed = await _time.PassUntilAsync(sending);

        var failure = await Assert.ThrowsAsync<MarqueeUnavailableException>(() => sending);
        Assert.InRange(passed, TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(30));
        Assert.False(failure.MaybeApplied);
        Assert.Equal(_node.Bodies[0].Trim().Split('\n').Select(line => (string?)JsonNode.Parse(line)!["eventId"]), failure.UnacknowledgedEvents.Select(item => item.EventId));
        Assert.Contains("http://node.test/", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SendEvents_OnceWithoutAnswer_MayHaveLanded()
    {
        _node.Troubles.Enqueue(Trouble.AnswerLost);
        foreach (var _ in Enumerable.Range(0, 100))
        {
            _node.Troubles.Enqueue(Trouble.Refused);
        }

        var sending = Client().SendEventsAsync([Play("u1")], Cancelled);
        await _time.PassUntilAsync(sending);

        Assert.True((await Assert.ThrowsAsync<MarqueeUnavailableException>(() => sending)).MaybeApplied);
    }

    [Fact]
    public async Task SendEvents_BadItems_AreToldByIndexAndField()
    {
        _node.Judge = item => (string?)item["titleId"] == "bad" ? ("titleId", "is not an id") : null;

        var outcome = await Client().SendEventsAsync([Play("u1"), Play("u2") with { TitleId = "bad" }], Cancelled);

        Assert.Equal((1, 1), (outcome.Accepted, outcome.Rejected));
        Assert.Equal([new ItemError { Index = 1, Field = "titleId", Message = "is not an id" }], outcome.Errors);
    }

    [Fact]
    public async Task SendEvents_AllItemsBad_IsAnOutcomeAsWell()
    {
        _node.Judge = _ => ("titleId", "is not an id");

        var outcome = await Client().SendEventsAsync([Play("u1"), Play("u2")], Cancelled);

        Assert.Equal((0, 2), (outcome.Accepted, outcome.Rejected));
        Assert.Equal([0, 1], outcome.Errors.Select(error => error.Index));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task SendEvents_CountOutOfBounds_IsNotSent(int count)
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Client().SendEventsAsync([.. Enumerable.Range(0, count).Select(i => Play($"u{i}"))], Cancelled));

        Assert.Empty(_node.Calls);
    }

    [Fact]
    public async Task SendEvents_CallerCancels_EndsTheWait()
    {
        _node.Troubles.Enqueue(Trouble.Silence(() => { }));
        using var cancellation = new CancellationTokenSource();
        var sending = Client().SendEventsAsync([Play("u1")], cancellation.Token);

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
    }

    private static EngagementEvent Play(string user) => new() { UserId = user, TitleId = "t1", Type = EngagementType.Play };

    private MarqueeClient Client(Action<FailedAttempt>? onRetry = null) => new(_node.CreateHttpClient(), new MarqueeClientOptions { TimeProvider = _time, AttemptTimeout = Timeout.InfiniteTimeSpan, Random = new Random(1), OnRetry = onRetry });
}
