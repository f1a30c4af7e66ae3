namespace Marquee.Storage.Postgres;

/// <summary>One write that waits to share a transaction with others.</summary>
/// <remarks>
/// A caller that gives up while the write is queued is told so by <see cref="OperationCanceledException"/>: nothing was or
/// will be written. Once it is on its way, a caller that gives up gets <paramref name="unknown"/>.
/// </remarks>
/// <param name="write">What to write; its memory belongs to it.</param>
/// <param name="bytes">Roughly how many bytes it adds to a transaction.</param>
/// <param name="unknown">Answers a caller that gives up on a write that may land.</param>
internal sealed class GatheredWrite<TWrite, TResult>(TWrite write, int bytes, Action<TaskCompletionSource<TResult>> unknown)
{
    private const int Queued = 0;
    private const int Taken = 1;
    private const int GivenUp = 2;

    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenRegistration _cancellation;
    private int _stage;

    public TWrite Write { get; } = write;

    public int Bytes { get; } = bytes;

    public Task<TResult> Answer => _answer.Task;

    /// <summary>Lets the caller give up; called once, before the write is queued.</summary>
    public void GiveUpWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((GatheredWrite<TWrite, TResult>)state!).GiveUp(token), this);
        }
    }

    /// <summary>Puts the write on its way; false when the caller has given up.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _stage, Taken, Queued) == Queued;

    public void Complete(TResult result)
    {
        _cancellation.Unregister();
        _answer.TrySetResult(result);
    }

    public void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _answer.TrySetException(exception);
    }

    private void GiveUp(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _stage, GivenUp, Queued) == Queued)
        {
            _answer.TrySetCanceled(cancellationToken);
        }
        else
        {
            unknown(_answer);
        }
    }
}
