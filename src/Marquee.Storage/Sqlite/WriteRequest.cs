using Marquee.Storage.Events;
namespace Marquee.Storage.Sqlite;

/// <summary>One piece of work for a <see cref="GroupCommitWriter{TSession}"/>.</summary>
/// <typeparam name="TSession">The statements that the work runs on.</typeparam>
internal abstract class WriteRequest<TSession>
{
    /// <summary>Bytes that it adds to a transaction, roughly.</summary>
    public virtual int Bytes => 0;

    /// <summary>Runs inside the open transaction, unless the caller has given up.</summary>
    /// <returns>False when there is nothing to wait for: given up before, or failed by itself without having written.</returns>
    /// <exception cref="SqliteFailureException">The whole transaction fails.</exception>
    public abstract bool TryRun(TSession session);

    /// <summary>The transaction is durable.</summary>
    public abstract void Complete();

    /// <summary>The transaction was not committed for certain, or nobody knows.</summary>
    public abstract void Fail(CommitFailure failure);
}

/// <summary>Why a transaction was not acknowledged.</summary>
/// <param name="NothingWritten">True when it is certain that nothing was written.</param>
/// <param name="Exception">What the callers see.</param>
internal readonly record struct CommitFailure(bool NothingWritten, Exception Exception);

/// <summary>One piece of work with an answer.</summary>
/// <remarks>
/// A caller that gives up while the work is queued is told so by <see cref="OperationCanceledException"/>: nothing was
/// or will be written. Once the work has run, its outcome is unknown to a caller that gives up.
/// </remarks>
internal abstract class WriteRequest<TSession, TResult> : WriteRequest<TSession>
{
    private readonly TaskCompletionSource<TResult> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private CancellationTokenRegistration _cancellation;
    private Stage _stage;
    private TResult? _result;

    private enum Stage
    {
        Queued,
        GivenUp,
        Running,
        GivenUpWhileRunning,
        Ran,
    }

    /// <summary>The answer; every request gets one.</summary>
    public Task<TResult> Answer => _answer.Task;

    /// <summary>Lets the caller give up; called once, before the request is queued.</summary>
    public void GiveUpWith(CancellationToken cancellationToken)
    {
        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(static (state, token) => ((WriteRequest<TSession, TResult>)state!).GiveUp(token), this);
        }
    }

    public sealed override bool TryRun(TSession session)
    {
        lock (_lock)
        {
            if (_stage == Stage.GivenUp)
            {
                return false;
            }

            _stage = Stage.Running;
        }

        try
        {
            _result = Run(session);
        }
        catch (Exception exception) when (exception is not SqliteFailureException)
        {
            _cancellation.Unregister();
            _answer.TrySetException(exception);
            return false;
        }

        lock (_lock)
        {
            // Only now: until here the caller's memory was in use.
            if (_stage == Stage.GivenUpWhileRunning)
            {
                AnswerUnknown();
            }

            _stage = Stage.Ran;
        }

        return true;
    }

    public sealed override void Complete()
    {
        _cancellation.Unregister();
        _answer.TrySetResult(_result!);
    }

    public sealed override void Fail(CommitFailure failure)
    {
        _cancellation.Unregister();
        if (TryResultOf(failure, out var result))
        {
            _answer.TrySetResult(result);
        }
        else
        {
            _answer.TrySetException(failure.Exception);
        }
    }

    /// <summary>Does the work. Throws before it has written, or fails the whole transaction.</summary>
    protected abstract TResult Run(TSession session);

    /// <summary>The answer to a failed transaction, for work whose answer can tell; others throw.</summary>
    protected virtual bool TryResultOf(CommitFailure failure, out TResult result)
    {
        result = default!;
        return false;
    }

    private void GiveUp(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            switch (_stage)
            {
                case Stage.Queued:
                    _stage = Stage.GivenUp;
                    _answer.TrySetCanceled(cancellationToken);
                    break;
                case Stage.Running:
                    _stage = Stage.GivenUpWhileRunning;
                    break;
                case Stage.Ran:
                    AnswerUnknown();
                    break;
                default:
                    break;
            }
        }
    }

    private void AnswerUnknown()
    {
        var failure = new CommitFailure(false, new StoreUnavailableException("The caller stopped waiting for a write that may land all the same."));
        if (TryResultOf(failure, out var result))
        {
            _answer.TrySetResult(result);
        }
        else
        {
            _answer.TrySetException(failure.Exception);
        }
    }
}
