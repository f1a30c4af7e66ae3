using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains;

/// <summary>Keeps this silo's copy of something that a grain holds: asks the grain by long polls, again and again, and lets callers wait for what it has taken over.</summary>
public abstract class Follower(TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>How long the grain may hold a poll open when nothing changes.</summary>
    protected static readonly TimeSpan LongPoll = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(1);

    /// <summary>The pause after a poll that brought nothing: the grain ends polls early when its silo stops, and would be asked again without end.</summary>
    private static readonly TimeSpan EmptyInterval = TimeSpan.FromMilliseconds(100);

    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The wall clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>Where it writes to.</summary>
    protected ILogger Logger => logger;

    /// <summary>How far the copy is.</summary>
    protected abstract long Reached { get; }

    /// <summary>Waits until the copy has reached a version; false when it did not in time.</summary>
    public async Task<bool> WaitFor(long version, TimeSpan wait)
    {
        var deadline = Task.Delay(wait, time);
        while (Reached < version)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (Reached < version && await Task.WhenAny(changed, deadline) == deadline)
            {
                return Reached >= version;
            }
        }

        return true;
    }

    /// <summary>Asks once, and takes over what the answer says.</summary>
    protected abstract Task PollOnce(CancellationToken stoppingToken);

    /// <summary>What it means that the grain does not answer, for operators.</summary>
    protected abstract string WhenUnanswered();

    /// <summary>Wakes who waits; after <see cref="Reached"/> has moved.</summary>
    protected void NoteChanged() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var reached = Reached;
                await PollOnce(stoppingToken);
                if (Reached == reached)
                {
                    await Task.Delay(EmptyInterval, time, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "{What}", WhenUnanswered());
                await Task.Delay(RetryInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }
}
