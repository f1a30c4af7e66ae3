namespace Marquee.Tests.Simulation;

/// <summary>One run of a process. What is awaited in it goes on in it, unless it was killed; while it is frozen, later.</summary>
internal sealed class Machine(EventLoop loop) : SynchronizationContext
{
    private readonly Queue<Action> _held = new();

    public bool IsAlive { get; private set; } = true;

    public bool IsFrozen { get; private set; }

    public override void Post(SendOrPostCallback callback, object? state) => loop.After(TimeSpan.Zero, () => Run(() => callback(state)));

    public override void Send(SendOrPostCallback callback, object? state) => throw new NotSupportedException("Nobody waits for another in a simulation.");

    /// <summary>Does work of this process now, or when it goes on, or never.</summary>
    public void Run(Action work)
    {
        if (!IsAlive)
        {
            return;
        }

        if (IsFrozen)
        {
            _held.Enqueue(work);
            return;
        }

        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            work();
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    public void Kill()
    {
        IsAlive = false;
        _held.Clear();
    }

    public void Freeze() => IsFrozen = true;

    public void Thaw()
    {
        IsFrozen = false;
        while (!IsFrozen && _held.TryDequeue(out var work))
        {
            Run(work);
        }
    }
}
