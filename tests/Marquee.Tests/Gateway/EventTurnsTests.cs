using Marquee.Gateway;
using Marquee.Gateway.Events;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Gateway;

public sealed class EventTurnsTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventTurns _turns;

    public EventTurnsTests() => _turns = new EventTurns(Options.Create(new GatewayOptions { EventsInWorkMax = 100 }), _time);

    public void Dispose() => _turns.Dispose();

    [Fact]
    public async Task Enter_MoreThanMayBeInWork_WaitsUntilThereIsRoom()
    {
        var first = await Entered(60);
        var second = _turns.EnterAsync(60).AsTask();

        // It would fit beside the first, but comes after one that does not.
        var third = _turns.EnterAsync(10).AsTask();
        Assert.False(second.IsCompleted || third.IsCompleted);

        first.Dispose();

        await Task.WhenAll(second, third).WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(_turns.EnterAsync(31).IsCompleted);
    }

    [Fact]
    public async Task Enter_BatchLargerThanAll_RunsAlone()
    {
        var large = await Entered(1_000);
        var other = _turns.EnterAsync(1).AsTask();
        Assert.False(other.IsCompleted);

        large.Dispose();

        await other.WaitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>A node that does not answer keeps the batches that it has a part of for seconds: those of other nodes must not wait for them.</summary>
    [Fact]
    public async Task Enter_BehindOneThatDoesNotEnd_WaitsForTheLongestTurnOnly()
    {
        var stuck = await Entered(100);
        var next = _turns.EnterAsync(100).AsTask();
        var last = _turns.EnterAsync(100).AsTask();
        _time.Advance(EventTurns.LongestTurn / 2);
        Assert.False(next.IsCompleted);

        _time.Advance(EventTurns.LongestTurn / 2);
        await next.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(last.IsCompleted);

        // Its turn is over already: giving it back makes no room.
        stuck.Dispose();
        Assert.False(last.IsCompleted);
        (await next).Dispose();
        await last.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Dispose_Twice_GivesBackOnce()
    {
        var first = await Entered(50);
        await Entered(50);
        first.Dispose();
        first.Dispose();

        await Entered(50);
        Assert.False(_turns.EnterAsync(50).IsCompleted);
    }

    private async Task<EventTurns.Turn> Entered(int events)
    {
        var entering = _turns.EnterAsync(events);
        Assert.True(entering.IsCompletedSuccessfully);
        return await entering;
    }
}
