using Marquee.Cli.Load.Measuring;

namespace Marquee.Cli.Load.Traffic;

/// <summary>Makes the calls of a schedule when they are due, whether or not those before have been answered.</summary>
/// <param name="calls">Makes a call.</param>
/// <param name="tally">Gets what becomes of them.</param>
/// <param name="inFlightMax">So many calls at once; one that is due beyond is not sent, and counted as that.</param>
/// <param name="time">The clock.</param>
/// <param name="threads">Where calls are prepared: not where they are paced, so that what one costs does not delay the next.</param>
internal sealed class LoadRun(ILoadCalls calls, LoadTally tally, int inFlightMax, TimeProvider time, TaskScheduler threads)
{
    private static readonly TimeSpan TimerStep = TimeSpan.FromMilliseconds(1);

    private readonly TaskCompletionSource _allDone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _start;

    // The pump itself counts as one, so that the last call of all is known.
    private int _inFlight = 1;

    /// <summary>Runs to the end of the extent or until it is interrupted, and waits for the calls under way.</summary>
    /// <param name="schedule">What is due when.</param>
    /// <param name="extent">How long.</param>
    /// <param name="interrupted">Makes no further calls.</param>
    /// <param name="abandoned">Ends the calls under way too.</param>
    public async Task RunAsync(ArrivalSchedule schedule, LoadExtent extent, CancellationToken interrupted, CancellationToken abandoned)
    {
        _start = time.GetTimestamp();
        tally.Begin(extent.Length);
        var arrival = schedule.Next();
        while (arrival.Due < extent.Length && arrival.Number < extent.CallsMax && await IsDueAsync(arrival.Due, interrupted))
        {
            Begin(arrival, abandoned);
            arrival = schedule.Next();
        }

        // What was to be sent in this time was, so rates divide by it, and not by when the pump noticed.
        tally.End(interrupted.IsCancellationRequested ? Elapsed() : arrival.Due < extent.Length ? arrival.Due : extent.Length);
        Leave();
        await _allDone.Task;
    }

    private TimeSpan Elapsed() => time.GetElapsedTime(_start);

    /// <summary>Waits until a time; false when interrupted before.</summary>
    private async ValueTask<bool> IsDueAsync(TimeSpan due, CancellationToken interrupted)
    {
        while (!interrupted.IsCancellationRequested)
        {
            var wait = due - Elapsed();
            if (wait <= TimeSpan.Zero)
            {
                return true;
            }

            // Timers know whole milliseconds. Waking late makes that part of the latency; spinning would take the server's processor.
            await Task.Delay(wait < TimerStep ? TimerStep : wait, time, interrupted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return false;
    }

    private void Begin(Arrival arrival, CancellationToken abandoned)
    {
        tally.Due(arrival.Kind);
        if (Interlocked.Increment(ref _inFlight) > inFlightMax + 1)
        {
            Leave();
            tally.Drop(arrival.Kind);
            return;
        }

        _ = Task.Factory.StartNew(() => CallAsync(arrival, abandoned), CancellationToken.None, TaskCreationOptions.DenyChildAttach, threads);
    }

    private async Task CallAsync(Arrival arrival, CancellationToken abandoned)
    {
        tally.Sent(Elapsed() - arrival.Due);
        try
        {
            var result = await calls.SendAsync(arrival, abandoned);
            var answered = Elapsed();
            tally.Add(arrival.Kind, result, answered - arrival.Due, answered);
            Leave();
        }
        catch (Exception exception)
        {
            // Must not happen, and must not be lost either: it ends the run.
            _allDone.TrySetException(exception);
        }
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _inFlight) == 0)
        {
            _allDone.TrySetResult();
        }
    }
}

/// <summary>How long a load goes on: whichever comes first.</summary>
/// <param name="Length">Calls due before.</param>
/// <param name="CallsMax">So many calls.</param>
internal sealed record LoadExtent(TimeSpan Length, long CallsMax = long.MaxValue);
