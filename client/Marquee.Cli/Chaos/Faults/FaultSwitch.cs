namespace Marquee.Cli.Chaos.Faults;

/// <summary>The fault that holds now, and a way to wait for the next.</summary>
internal sealed class FaultSwitch
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile LinkFault _current = LinkFault.None;

    public LinkFault Current => _current;

    public void Set(LinkFault fault)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _current = fault;
            changed = _changed;
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        changed.SetResult();
    }

    /// <summary>Waits while nothing may get through.</summary>
    public async Task UntilOpenAsync(CancellationToken cancelled)
    {
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                if (_current.Kind != LinkFaultKind.Drop)
                {
                    return;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancelled);
        }
    }
}
