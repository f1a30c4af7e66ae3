using Marquee.Contracts.Events;
using Marquee.Contracts.Users;

namespace Marquee.Tests.Gateway;

public sealed class UserEndpointTests : IAsyncLifetime
{
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task GetHistory_Events_AreShownNewestFirst()
    {
        _host.Grains.Users.History = () => Task.FromResult(new HistoryPage(
            [new HistoryEntry("e2", "t2", EngagementType.Rate, 4.5, 1_772_366_400_000), new HistoryEntry("e1", "t1", EngagementType.AddToList, null, 1_772_366_399_999)],
            "next-page",
            new LogPosition(51, 1, 8)));
        var answer = await _host.GetAsync("/v1/users/u1/history?limit=2&cursor=1772366400000.7&after=51.1.8");

        Assert.Equal(
            """
            {"userId":"u1","events":[{"eventId":"e2","titleId":"t2","type":"rate","value":4.5,"occurredAt":"2026-03-01T12:00:00Z"},
            {"eventId":"e1","titleId":"t1","type":"addToList","occurredAt":"2026-03-01T11:59:59.999Z"}],"next":"next-page","position":"51.1.8","degraded":false}
            """.ReplaceLineEndings(""),
            answer.Text);
        Assert.Equal((2, "1772366400000.7", new LogPosition(51, 1, 8)), Assert.Single(_host.Grains.Users.Histories));
    }

    [Fact]
    public async Task GetHistory_UnknownUser_IsEmpty()
    {
        var answer = await _host.GetAsync("/v1/users/nobody/history");

        Assert.Equal((200, 0), (answer.Status, answer.Json.GetProperty("events").GetArrayLength()));
        Assert.Equal((100, null, null), Assert.Single(_host.Grains.Users.Histories));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("1772366400000")]
    [InlineData("1772366400000.-1")]
    [InlineData(".7")]
    public async Task GetHistory_CursorNobodyGaveOut_IsRefusedByName(string cursor)
    {
        var answer = await _host.GetAsync($"/v1/users/u1/history?cursor={cursor}");

        Assert.Equal(400, answer.Status);
        Assert.Equal("cursor", answer.Json.GetProperty("errors")[0].GetProperty("field").GetString());
        Assert.Empty(_host.Grains.Users.Histories);
    }

    [Fact]
    public async Task GetHistory_GrainFails_IsUnavailable()
    {
        _host.Grains.Users.History = () => throw new TimeoutException();
        var answer = await _host.GetAsync("/v1/users/u1/history");

        Assert.Equal((503, "unavailable"), (answer.Status, answer.ProblemType));
    }

    [Fact]
    public async Task GetHistory_TooManyCallsWaitForTheGrain_IsOverloaded()
    {
        await using var host = await GatewayHost.StartAsync(options => options.ReadRetryBudget = TimeSpan.FromSeconds(6));
        host.Grains.Users.History = () => throw new LimitExceededException("The limit was reached.");
        var answer = await host.GetAsync("/v1/users/u1/history");

        Assert.Equal((429, "overloaded"), (answer.Status, answer.ProblemType));
        Assert.NotNull(answer.RetryAfter);
        Assert.Single(host.Grains.Users.Histories);
    }

    /// <remarks>A history has no plainer answer, unlike a slate.</remarks>
    [Theory]
    [InlineData(5, 200)]
    [InlineData(int.MaxValue, 503)]
    public async Task GetHistory_GrainComesUpElsewhereMeanwhile_IsAskedAgainWithinTheBudget(int failuresMost, int status)
    {
        await using var host = await GatewayHost.StartAsync(options => options.ReadRetryBudget = TimeSpan.FromSeconds(6));
        var failures = 0;
        host.Grains.Users.History = () => failures++ < failuresMost
            ? throw new Orleans.Runtime.SiloUnavailableException()
            : Task.FromResult(new Marquee.Contracts.Users.HistoryPage([], null, default));
        Assert.Equal(status, (await host.InTime(host.GetAsync("/v1/users/u1/history"))).Status);
    }

    [Fact]
    public async Task Erase_User_IsDoneInItsPartition()
    {
        var answer = await _host.SendAsync(HttpMethod.Delete, "/v1/users/u1");

        Assert.Equal((204, ""), (answer.Status, answer.Text));
        Assert.Equal(["default/u1"], _host.Grains.Partitions.Erased);
    }

    [Theory]
    [InlineData(AppendOutcome.Busy, 429, "overloaded")]
    [InlineData(AppendOutcome.Unavailable, 503, "unavailable")]
    [InlineData(AppendOutcome.Unknown, 503, "outcome-unknown")]
    public async Task Erase_NotDone_SaysSo(AppendOutcome outcome, int status, string type)
    {
        _host.Grains.Partitions.Failures[51] = () => Task.FromResult(FakePartitions.Refusal(outcome));
        var answer = await _host.SendAsync(HttpMethod.Delete, "/v1/users/u1");

        Assert.Equal((status, type), (answer.Status, answer.ProblemType));
        Assert.NotNull(answer.RetryAfter);
    }

    [Fact]
    public async Task Erase_PartitionDoesNotAnswer_IsUnknown()
    {
        _host.Grains.Partitions.Failures[51] = () => throw new TimeoutException();

        Assert.Equal("outcome-unknown", (await _host.SendAsync(HttpMethod.Delete, "/v1/users/u1")).ProblemType);
    }
}
