namespace Marquee.Grains;

/// <summary>What grains of this silo do for one caller, each as one turn of its own.</summary>
/// <remarks>
/// A call between grains is a request, an answer, a time-out and half a dozen tasks, which is more than the work itself costs
/// where an event is handed to its viewer or a title takes over what changed; and nearly all of those are on the same silo. So
/// the work is queued on the grain's scheduler, which runs it when no other turn of the grain runs. Nothing in it can be waited
/// for: what cannot be done at once is left to a call.
/// </remarks>
/// <param name="continuations">Whoever waits outside of a grain must not go on within the last turn, and says <see cref="TaskCreationOptions.RunContinuationsAsynchronously"/>; a grain goes on with a turn of its own.</param>
internal sealed class LocalTurns(TaskCreationOptions continuations = TaskCreationOptions.None)
{
    private static readonly Action<object> Run = turn => ((LocalTurn)turn).Execute();

    private readonly TaskCompletionSource _settled = new(continuations);
    private int _open = 1;

    /// <summary>Queues a turn.</summary>
    public void Queue(IGrainContext grain, LocalTurn turn)
    {
        Interlocked.Increment(ref _open);
        turn.BelongTo(this);
        grain.Scheduler.QueueAction(Run, turn);
    }

    /// <summary>Says that there are no more.</summary>
    /// <returns>Completes when all were had.</returns>
    public Task Settle()
    {
        Close();
        return _settled.Task;
    }

    internal void Close()
    {
        if (Interlocked.Decrement(ref _open) == 0)
        {
            _settled.TrySetResult();
        }
    }
}

/// <summary>One of them.</summary>
internal abstract class LocalTurn
{
    private LocalTurns? _turns;
    private volatile bool _isDone;

    /// <summary>Whether the turn was had and the grain did what was wanted. What it wrote before is seen by whoever finds this true.</summary>
    public bool IsDone => _isDone;

    /// <summary>Does the work.</summary>
    /// <returns>False when it has to be left to a call.</returns>
    protected abstract bool TryRun();

    /// <summary>The turn is over, whatever became of it.</summary>
    protected virtual void End()
    {
    }

    internal void BelongTo(LocalTurns turns) => _turns = turns;

    internal void Execute()
    {
        try
        {
            _isDone = TryRun();
        }
        finally
        {
            End();
            _turns!.Close();
        }
    }
}
