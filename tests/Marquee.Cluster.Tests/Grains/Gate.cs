namespace Marquee.Cluster.Tests.Grains;

/// <summary>Keeps what passes waiting until it is disposed.</summary>
internal sealed class Gate : IDisposable
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the first one waits.</summary>
    public Task Reached => _reached.Task;

    public Task Pass(CancellationToken cancellationToken = default)
    {
        _reached.TrySetResult();
        return _released.Task.WaitAsync(cancellationToken);
    }

    public void Dispose() => _released.TrySetResult();
}
