using Microsoft.Extensions.Time.Testing;

namespace Marquee.Tests.Client;

/// <summary>Fake time that passes only when somebody waits for it: it jumps to the next timer once one is armed.</summary>
internal sealed class ArmedTime() : FakeTimeProvider(Beginning)
{
    /// <summary>The moment at which fake time begins.</summary>
    public static readonly DateTimeOffset Beginning = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Lock _gate = new();
    private readonly List<ArmedTimer> _armed = [];
    private readonly SemaphoreSlim _signal = new(0);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ArmedTimer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Jumps from timer to timer until the work is done.</summary>
    /// <returns>How much fake time passed.</returns>
    public async Task<TimeSpan> PassUntilAsync(Task work)
    {
        var start = GetUtcNow();
        while (!work.IsCompleted)
        {
            using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            await Task.WhenAny(work, _signal.WaitAsync(giveUp.Token));
            await giveUp.CancelAsync();
            if (NextDue() is { } due && !work.IsCompleted)
            {
                Assert.True(due - Beginning < TimeSpan.FromDays(1), "A day of fake time has passed and the work still waits.");
                Advance(due - GetUtcNow());
            }
        }

        return GetUtcNow() - start;
    }

    private DateTimeOffset? NextDue()
    {
        lock (_gate)
        {
            return _armed.Where(timer => timer.Due > GetUtcNow()).Min(timer => (DateTimeOffset?)timer.Due);
        }
    }

    private sealed class ArmedTimer(ArmedTime time, ITimer inner) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._armed.Remove(this);
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = time.GetUtcNow() + dueTime;
                    time._armed.Add(this);
                }
            }

            var changed = inner.Change(dueTime, period);
            time._signal.Release();
            return changed;
        }

        public void Dispose()
        {
            lock (time._gate)
            {
                time._armed.Remove(this);
            }

            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
