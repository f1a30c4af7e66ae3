using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Traffic;

namespace Marquee.Tests.Client.Load;

/// <summary>The load is open: it goes on whatever the server does, and no pause of the server is left out of what is measured.</summary>
public sealed class LoadRunTests
{
    private readonly ArmedTime _time = new();
    private readonly LoadTally _tally = new();

    /// <summary>
    /// A server that stands still from 1 s to 2 s of four: a quarter of the calls waits on average half a second. A client that
    /// waits for each answer before the next call would have made one slow call of 301 and called 99 % of them quick.
    /// </summary>
    [Fact]
    public async Task RunAsync_ServerStallsForASecond_PercentilesShowIt()
    {
        var start = _time.GetTimestamp();
        var calls = new FakeCalls(async _ =>
        {
            var now = _time.GetElapsedTime(start);
            if (now >= TimeSpan.FromSeconds(1) && now < TimeSpan.FromSeconds(2))
            {
                await Task.Delay(TimeSpan.FromSeconds(2) - now, _time);
            }
        });

        await RunAsync(calls, perSecond: 100, new LoadExtent(TimeSpan.FromSeconds(4)));

        var figures = Figures();
        Assert.Equal((400, 400, 0), (figures.Due, figures.Answered, figures.NotSent));
        Assert.InRange(figures.P50Milliseconds!.Value, 0, 20);
        Assert.InRange(figures.P90Milliseconds!.Value, 550, 650);
        Assert.InRange(figures.P99Milliseconds!.Value, 930, 1_000);
        Assert.Equal(100, figures.AnsweredPerSecond);
    }

    [Fact]
    public async Task RunAsync_MoreAreUnderWayThanAllowed_CountsWhatIsNotSent()
    {
        var calls = new FakeCalls(_ => Task.Delay(TimeSpan.FromSeconds(1), _time));

        await RunAsync(calls, perSecond: 100, new LoadExtent(TimeSpan.FromSeconds(2)), inFlightMax: 20);

        var figures = Figures();
        Assert.Equal(200, figures.Due);
        Assert.Equal(figures.Due, figures.Answered + figures.NotSent);
        Assert.Equal(calls.Made, figures.Answered);
        Assert.InRange(figures.Answered, 20, 60);
        Assert.Null(figures.P50Milliseconds);
    }

    [Fact]
    public async Task RunAsync_BoundedByCount_MakesSoManyCalls()
    {
        var calls = new FakeCalls(_ => Task.CompletedTask);

        await RunAsync(calls, perSecond: 50, new LoadExtent(TimeSpan.FromHours(1), 123));

        Assert.Equal(123, calls.Made);
        Assert.Equal(50, Figures().AnsweredPerSecond, 1.0);
    }

    [Fact]
    public async Task RunAsync_Interrupted_EndsWithWhatWasMeasured()
    {
        using var interrupted = new CancellationTokenSource();
        var calls = new FakeCalls(arrival =>
        {
            if (arrival.Number == 30)
            {
                interrupted.Cancel();
            }

            return Task.CompletedTask;
        });

        await RunAsync(calls, perSecond: 10, new LoadExtent(TimeSpan.FromHours(1)), interrupted: interrupted.Token);

        Assert.Equal((31, 31), (Figures().Due, Figures().Answered));
    }

    private KindFigures Figures() => Assert.Single(_tally.Figures([TrafficKind.Home]).Kinds);

    private async Task RunAsync(FakeCalls calls, double perSecond, LoadExtent extent, int inFlightMax = 1_000, CancellationToken interrupted = default)
    {
        var load = new LoadRun(calls, _tally, inFlightMax, _time, new InlineScheduler());
        var schedule = new ArrivalSchedule(new TrafficPlan(TrafficKind.Home, perSecond));
        await _time.PassUntilAsync(Task.Run(() => load.RunAsync(schedule, extent, interrupted, CancellationToken.None)));
    }

    /// <summary>Calls run where they are begun, so that fake time does not pass before they have.</summary>
    private sealed class InlineScheduler : TaskScheduler
    {
        protected override void QueueTask(Task task) => TryExecuteTask(task);

        protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => TryExecuteTask(task);

        protected override IEnumerable<Task> GetScheduledTasks() => [];
    }

    private sealed class FakeCalls(Func<Arrival, Task> answerAsync) : ILoadCalls
    {
        private int _made;

        public int Made => Volatile.Read(ref _made);

        public async Task<CallResult> SendAsync(Arrival arrival, CancellationToken abandoned)
        {
            Interlocked.Increment(ref _made);
            await answerAsync(arrival);
            return new CallResult { Outcome = CallOutcome.Answered };
        }
    }
}
