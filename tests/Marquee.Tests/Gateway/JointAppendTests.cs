using Marquee.Contracts.Events;
using Marquee.Grains;
using Marquee.Grains.Events;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Gateway;

/// <summary>A batch whose partitions another silo runs.</summary>
public sealed class JointAppendTests : IAsyncLifetime
{
    // Partitions 51 and 43 of 64.
    private const string TwoPartitions =
        """[{"eventId":"a","userId":"u1","titleId":"t","type":"play"},{"eventId":"b","userId":"anna","titleId":"t","type":"play"},{"eventId":"c","userId":"u1","titleId":"t","type":"like"}]""";

    private FakePartitionSilos _silos = null!;
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync(
            options => options.WriteRetryBudget = TimeSpan.FromSeconds(8),
            services => services.AddSingleton<IPartitionSilos, FakePartitionSilos>());
        _silos = _host.PartitionSilos;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Post_BothRunOnAnotherSilo_AreSentInOneCall()
    {
        var answer = await Post(51, 43);

        Assert.Equal((202, 3), (answer.Status, answer.Number("accepted")));
        Assert.Equal([43, 51], Assert.Single(_silos.Calls));
        Assert.Equal(2, _host.Grains.Partitions.Appends);
        Assert.Equal(["43.1.0", "51.1.1"], answer.Json.GetProperty("position").GetString()!.Split('_').Order());
    }

    [Fact]
    public async Task Post_OneRunsHere_IsSentAlone()
    {
        var answer = await Post(43);

        Assert.Equal((202, 3), (answer.Status, answer.Number("accepted")));
        Assert.Empty(_silos.Calls);
    }

    [Fact]
    public async Task Post_TheSilosAnswerIsLost_EachIsSentAgainAlone_AndNothingIsWrittenTwice()
    {
        await _host.PostAsync("/v1/events", """{"eventId":"z","userId":"u1","titleId":"t","type":"play"}""");
        _silos.Answer = _ => throw new TimeoutException();
        var answer = await Post(51, 43);

        Assert.Equal((202, 0, 3), (answer.Status, answer.Number("accepted"), answer.Number("duplicates")));
        Assert.Equal(["a", "b", "c", "z"], _host.Grains.Partitions.Log.Select(message => message.EventId).Order());
        Assert.Equal(5, _host.Grains.Partitions.Appends);
    }

    [Fact]
    public async Task Post_OneIsUnknown_OnlyThatOneIsSentAgain()
    {
        await _host.PostAsync("/v1/events", """{"eventId":"z","userId":"u1","titleId":"t","type":"play"}""");
        _silos.Answer = results => [results[0], FakePartitions.Refusal(AppendOutcome.Unknown)];
        var answer = await Post(51, 43);

        Assert.Equal((202, 1, 2), (answer.Status, answer.Number("accepted"), answer.Number("duplicates")));
        Assert.Equal(4, _host.Grains.Partitions.Appends);
    }

    [Fact]
    public async Task Append_OnePartitionNeverAnswers_TheOthersAreAnswered()
    {
        var time = new FakeTimeProvider();
        var grains = new FakeGrainFactory();
        grains.Partitions.Failures[1] = () => new TaskCompletionSource<AppendResult>().Task;
        grains.Partitions.Failures[2] = () => throw new TimeoutException("Away.");
        grains.Partitions.Failures[3] = () => throw new LimitExceededException("Too many wait.");
        var pending = new JointAppend(grains, Options.Create(new MarqueeOptions { PartitionCount = 4 }), time).Append("default", [new(0, []), new(1, []), new(2, []), new(3, [])]);
        time.Advance(TimeSpan.FromSeconds(9));
        var answers = await pending;

        Assert.Equal([AppendOutcome.Accepted, AppendOutcome.Unknown, AppendOutcome.Unknown, AppendOutcome.Busy], answers.Select(answer => answer.Outcome));
        Assert.Equal("Away.", answers[2].Reason);
    }

    private Task<Answer> Post(params int[] elsewhere)
    {
        _silos.Partitions.UnionWith(elsewhere);
        return _host.InTime(_host.PostAsync("/v1/events", TwoPartitions));
    }
}
