namespace Marquee.Tests.Simulation;

/// <summary>The one thread of a simulated world: work in the order of its simulated time, then of its arrival.</summary>
/// <remarks>Work that arrives from another thread would make the history depend on the real machine: it is refused, and the run fails.</remarks>
internal sealed class EventLoop
{
    private readonly PriorityQueue<Action, (long Due, long Arrival)> _queue = new();
    private readonly int _thread = Environment.CurrentManagedThreadId;
    private long _arrivals;
    private volatile string? _stray;

    /// <summary>The simulated time since the world began.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Runs work after a simulated time.</summary>
    public void After(TimeSpan delay, Action work)
    {
        if (Environment.CurrentManagedThreadId != _thread)
        {
            _stray = Environment.StackTrace;
            return;
        }

        _queue.Enqueue(work, (Now.Ticks + Math.Max(0, delay.Ticks), _arrivals++));
    }

    /// <summary>Runs what is due until something holds.</summary>
    /// <returns>False when the simulated time was up first.</returns>
    public bool RunUntil(Func<bool> holds, TimeSpan most)
    {
        var end = Now + most;
        while (!holds())
        {
            if (!_queue.TryPeek(out _, out var next) || next.Due > end.Ticks)
            {
                Now = end;
                return holds();
            }

            var work = _queue.Dequeue();
            Now = new TimeSpan(next.Due);
            work();
            if (_stray is { } stack)
            {
                throw new InvalidOperationException($"Work left the simulation's thread, so a seed does not say what happens:\n{stack}");
            }
        }

        return true;
    }
}
