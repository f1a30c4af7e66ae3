namespace Marquee.Tests.Simulation;

/// <summary>A process's clock and timers. The wall clock may be wrong; the timers are not.</summary>
internal sealed class SimulatedTime(EventLoop loop, Machine machine) : TimeProvider
{
    /// <summary>When every world begins.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>How wrong the wall clock is.</summary>
    public TimeSpan Skew { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Beginning + loop.Now + Skew;

    public override long GetTimestamp() => loop.Now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(loop, machine, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(EventLoop loop, Machine machine, Action callback) : ITimer
    {
        private int _setting;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var setting = ++_setting;
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                loop.After(dueTime, () => machine.Run(() => Fire(setting, period)));
            }

            return true;
        }

        public void Dispose() => _setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Fire(int setting, TimeSpan period)
        {
            if (setting != _setting)
            {
                return;
            }

            if (period > TimeSpan.Zero)
            {
                loop.After(period, () => machine.Run(() => Fire(setting, period)));
            }

            callback();
        }
    }
}
