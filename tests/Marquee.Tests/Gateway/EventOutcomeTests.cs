using System.Text.Json;
using Marquee.Contracts.Events;

namespace Marquee.Tests.Gateway;

public sealed class EventOutcomeTests : IAsyncLifetime
{
    // Partitions 51 and 43 of 64.
    private const string TwoPartitions =
        """[{"eventId":"a","userId":"u1","titleId":"t","type":"play"},{"eventId":"b","userId":"anna","titleId":"t","type":"play"},{"userId":"!"},{"eventId":"c","userId":"u1","titleId":"t","type":"like"}]""";

    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync(options => options.ConcurrentWritesMax = 1);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_AllPartitionsBusy_IsOverloadedWithRetryAfter()
    {
        Fail(51, () => FakePartitions.Refusal(AppendOutcome.Busy));
        Fail(43, () => FakePartitions.Refusal(AppendOutcome.Busy));
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal((429, "overloaded"), (answer.Status, answer.ProblemType));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.RetryAfter);
        Assert.Equal([0, 1, 3], Indices(answer, "notWritten"));
    }

    [Fact]
    public async Task Post_OnePartitionBusy_TellsWhichItemsAreWritten()
    {
        Fail(43, () => FakePartitions.Refusal(AppendOutcome.Busy));
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal((503, "unavailable"), (answer.Status, answer.ProblemType));
        Assert.Equal(TimeSpan.FromSeconds(1), answer.RetryAfter);
        Assert.Equal((2, 0, 1), (answer.Number("accepted"), answer.Number("duplicates"), answer.Number("rejected")));
        Assert.Equal([0, 3], Indices(answer, "written"));
        Assert.Equal([1], Indices(answer, "notWritten"));
        Assert.Equal([], Indices(answer, "unknown"));
        Assert.Equal("51.1.1", answer.Json.GetProperty("position").GetString());
        Assert.Contains("userId", answer.Fields);
    }

    [Fact]
    public async Task Post_StoreUnavailable_SaysWhy()
    {
        Fail(51, () => FakePartitions.Refusal(AppendOutcome.Unavailable, "The disk is full."));
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal((503, "unavailable"), (answer.Status, answer.ProblemType));
        Assert.Contains("The disk is full.", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal([0, 3], Indices(answer, "notWritten"));
    }

    [Fact]
    public async Task Post_ATitleThatThereIsNoRoomFor_IsNamedAndTheRestIsKept()
    {
        Fail(51, () => new AppendResult(AppendOutcome.Accepted, 1, 0, new LogPosition(51, 1, 7), null, [1]));
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal(202, answer.Status);
        Assert.Equal((2, 0, 2), (answer.Number("accepted"), answer.Number("duplicates"), answer.Number("rejected")));
        var error = answer.Json.GetProperty("errors").EnumerateArray().Single(error => error.GetProperty("index").GetInt32() == 3);
        Assert.Equal("titleId", error.GetProperty("field").GetString());
    }

    [Fact]
    public async Task Post_OnlyTitlesThatThereIsNoRoomFor_IsInvalid()
    {
        Fail(51, () => new AppendResult(AppendOutcome.Accepted, 0, 0, new LogPosition(51, 1, 7), null, [0]));
        var answer = await _host.PostAsync("/v1/events", """{"eventId":"a","userId":"u1","titleId":"t","type":"play"}""");

        Assert.Equal((400, "invalid-request"), (answer.Status, answer.ProblemType));
        Assert.Equal(["titleId"], answer.Fields);
    }

    [Fact]
    public async Task Post_OutcomeUnknown_SaysThatRetryingIsSafe()
    {
        Fail(51, () => FakePartitions.Refusal(AppendOutcome.Unknown));
        Fail(43, () => FakePartitions.Refusal(AppendOutcome.Unavailable));
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal((503, "outcome-unknown"), (answer.Status, answer.ProblemType));
        Assert.Equal([0, 3], Indices(answer, "unknown"));
        Assert.Equal([1], Indices(answer, "notWritten"));
        Assert.Contains("same event ids", answer.Json.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    public static TheoryData<string> GrainFailures => ["TimeoutException", "SiloUnavailableException", "InconsistentStateException", "IOException"];

    [Theory]
    [MemberData(nameof(GrainFailures))]
    public async Task Post_PartitionDoesNotAnswer_IsUnknown(string failure)
    {
        Fail(51, () => throw (failure switch
        {
            "TimeoutException" => new TimeoutException(),
            "SiloUnavailableException" => new Orleans.Runtime.SiloUnavailableException(),
            "InconsistentStateException" => new Orleans.Storage.InconsistentStateException(),
            _ => new IOException(),
        }));
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal((503, "outcome-unknown"), (answer.Status, answer.ProblemType));
        Assert.Equal([0, 3], Indices(answer, "unknown"));
        Assert.Equal([1], Indices(answer, "written"));
    }

    [Fact]
    public async Task Post_PartitionMovesMeanwhile_IsSentAgainWithTheSameIds()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(8));
        var failures = 0;
        host.Grains.Partitions.Failures[51] = () =>
        {
            if (++failures == 3)
            {
                host.Grains.Partitions.Failures.Clear();
            }

            throw new Orleans.Runtime.SiloUnavailableException();
        };
        var answer = await host.InTime(host.PostAsync("/v1/events", TwoPartitions));

        Assert.Equal((202, 3), (answer.Status, answer.Number("accepted")));
        Assert.Equal(["a", "b", "c"], host.Grains.Partitions.Log.Select(message => message.EventId).Order());
    }

    [Fact]
    public async Task Post_PartitionStaysAway_IsUnknownWhenTheBudgetIsSpent()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(8));
        host.Grains.Partitions.Failures[51] = () => throw new TimeoutException();
        var before = host.Time.GetUtcNow();
        var answer = await host.InTime(host.PostAsync("/v1/events", TwoPartitions));

        Assert.Equal((503, "outcome-unknown"), (answer.Status, answer.ProblemType));
        Assert.NotNull(answer.RetryAfter);
        Assert.Equal([0, 3], Indices(answer, "unknown"));
        Assert.True(host.Time.GetUtcNow() - before >= TimeSpan.FromSeconds(7), "It gave up early.");
    }

    [Fact]
    public async Task Post_PartitionNeverAnswers_IsNotWaitedForBeyondTheBudget()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(8));
        host.Grains.Partitions.Failures[51] = () => new TaskCompletionSource<AppendResult>().Task;
        var before = host.Time.GetUtcNow();
        var answer = await host.InTime(host.PostAsync("/v1/events", TwoPartitions));

        Assert.Equal((503, "outcome-unknown"), (answer.Status, answer.ProblemType));
        Assert.Equal([1], Indices(answer, "written"));
        Assert.True(host.Time.GetUtcNow() - before >= TimeSpan.FromSeconds(8), "It gave up early.");
    }

    /// <remarks>The first time it may have been written; that the second was refused tells nothing of that.</remarks>
    [Fact]
    public async Task Post_FirstUnknownThenRefused_StaysUnknown()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(8));
        var isFirst = true;
        host.Grains.Partitions.Failures[51] = () =>
        {
            (var first, isFirst) = (isFirst, false);
            return first ? throw new TimeoutException() : Task.FromResult(FakePartitions.Refusal(AppendOutcome.Unavailable));
        };
        var answer = await host.InTime(host.PostAsync("/v1/events", TwoPartitions));

        Assert.Equal((503, "outcome-unknown"), (answer.Status, answer.ProblemType));
        Assert.Equal([0, 3], Indices(answer, "unknown"));
    }

    /// <remarks>A call that was refused because too many wait was not begun, and to repeat it would only add to them.</remarks>
    [Fact]
    public async Task Post_TooManyCallsWaitForAPartition_IsRefusedAtOnce()
    {
        await using var host = await GatewayHost.StartAsync(options => options.WriteRetryBudget = TimeSpan.FromSeconds(8));
        host.Grains.Partitions.Failures[51] = host.Grains.Partitions.Failures[43] = () => throw new LimitExceededException("The limit was reached.");
        var answer = await host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal((429, "overloaded"), (answer.Status, answer.ProblemType));
        Assert.Equal([0, 1, 3], Indices(answer, "notWritten"));
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task Post_RetryAfterPartialFailure_CountsNothingTwice()
    {
        Fail(43, () => FakePartitions.Refusal(AppendOutcome.Busy));
        await _host.PostAsync("/v1/events", TwoPartitions);
        _host.Grains.Partitions.Failures.Clear();
        var answer = await _host.PostAsync("/v1/events", TwoPartitions);

        Assert.Equal(202, answer.Status);
        Assert.Equal((1, 2), (answer.Number("accepted"), answer.Number("duplicates")));
        Assert.Equal(["a", "b", "c"], _host.Grains.Partitions.Log.Select(message => message.EventId).Order());
    }

    [Fact]
    public async Task Post_MoreWritesThanAllowed_IsOverloaded()
    {
        var entered = new TaskCompletionSource();
        var release = new TaskCompletionSource<AppendResult>();
        _host.Grains.Partitions.Failures[51] = () =>
        {
            entered.SetResult();
            return release.Task;
        };
        var first = _host.PostAsync("/v1/events", """{"userId":"u1","titleId":"t","type":"play"}""");
        await entered.Task;
        var second = await _host.PostAsync("/v1/events", """{"userId":"anna","titleId":"t","type":"play"}""");
        release.SetResult(new AppendResult(AppendOutcome.Accepted, 1, 0, new LogPosition(51, 1, 0), null));

        Assert.Equal(202, (await first).Status);
        Assert.Equal((429, "overloaded"), (second.Status, second.ProblemType));
        Assert.NotNull(second.RetryAfter);
        Assert.Equal(202, (await _host.PostAsync("/v1/events", """{"userId":"anna","titleId":"t","type":"play"}""")).Status);
    }

    /// <summary>Lets time pass until an answer is there.</summary>
    private void Fail(int partition, Func<AppendResult> answer) => _host.Grains.Partitions.Failures[partition] = () => Task.FromResult(answer());

    private static IEnumerable<int> Indices(Answer answer, string name) =>
        answer.Json.GetProperty(name).EnumerateArray().Select((JsonElement index) => index.GetInt32());
}
