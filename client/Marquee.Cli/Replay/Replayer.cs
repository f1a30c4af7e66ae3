using Marquee.Cli.Import;
using Marquee.Client;

namespace Marquee.Cli.Replay;

/// <summary>Sends events when they are due.</summary>
/// <param name="client">The node.</param>
/// <param name="clock">Tells when an event is due.</param>
/// <param name="batch">Events per call, 1 to 1,000.</param>
/// <param name="concurrency">Calls at once.</param>
/// <param name="tally">Gets the counts as they come.</param>
/// <param name="timeProvider">The wall clock.</param>
internal sealed class Replayer(MarqueeClient client, ReplayClock clock, int batch, int concurrency, ImportTally tally, TimeProvider timeProvider)
{
    // Events that are due within a moment of each other share a call; a viewer does not notice the difference.
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    /// <summary>Stream time and lag.</summary>
    public ReplayTally Progress { get; } = new();

    /// <summary>What could not be read or was refused.</summary>
    public LineFaults Faults { get; } = new();

    /// <summary>Runs to the end of the source, or to the first call that fails for good.</summary>
    /// <param name="source">Where the events come from.</param>
    /// <param name="selection">Which of them.</param>
    /// <param name="endNow">Shift the times so that the last event is now.</param>
    /// <param name="interrupted">Stops the reading; what has been read is still sent.</param>
    /// <param name="abandoned">Stops the sending too.</param>
    /// <returns>False when it was interrupted.</returns>
    public async Task<bool> RunAsync(ImportSource source, ImportSelection selection, bool endNow, CancellationToken interrupted, CancellationToken abandoned)
    {
        var lanes = new EventLanes(concurrency, batch, SendAsync, abandoned);
        TimeShift? shift = null;
        var toTheEnd = true;
        try
        {
            using var stopped = CancellationTokenSource.CreateLinkedTokenSource(interrupted, lanes.Failed);
            var patience = source.KnowsItsEnd ? Timeout.InfiniteTimeSpan : Tick;
            await using var reader = new PatientReader<ImportItem>(source.ReadAsync(selection, Faults, stopped.Token), patience, timeProvider, stopped.Token);
            ReadOutcome outcome;
            while ((outcome = await reader.MoveNextAsync()) != ReadOutcome.End)
            {
                if (outcome == ReadOutcome.Silence)
                {
                    await lanes.FlushAsync(abandoned);
                    continue;
                }

                var item = reader.Current;
                shift ??= endNow && source.LastEventTime is { } last ? new TimeShift(timeProvider.GetUtcNow() - last) : default(TimeShift);
                var moved = new ImportItem(shift.Value.Apply(item.Event!), item.Place);
                await WaitAsync(lanes, moved, interrupted);
                await lanes.AddAsync(moved, interrupted);
            }
        }
        catch (OperationCanceledException)
        {
            // Interrupted, or a lane has failed: in that case CompleteAsync throws what it failed of.
            toTheEnd = false;
        }

        await lanes.CompleteAsync();
        return toTheEnd;
    }

    private async Task WaitAsync(EventLanes lanes, ImportItem item, CancellationToken cancellationToken)
    {
        var until = clock.Until(item.Event!.OccurredAt);
        if (until <= TimeSpan.Zero)
        {
            return;
        }

        await lanes.FlushAsync(cancellationToken);
        var longest = TimeSpan.FromDays(1);
        while ((until = clock.Until(item.Event.OccurredAt)) > TimeSpan.Zero)
        {
            var pause = until < Tick ? Tick : until;
            await Task.Delay(pause < longest ? pause : longest, timeProvider, cancellationToken);
        }
    }

    private async Task SendAsync(IReadOnlyList<ImportItem> events, CancellationToken cancellationToken)
    {
        var outcome = await client.SendEventsAsync([.. events.Select(item => item.Event!)], cancellationToken);
        Faults.Refuse(events, outcome.Errors);
        tally.Add(outcome);
        var late = -clock.Until(events[0].Event!.OccurredAt);
        Progress.Acknowledge(late, events[^1].Event!.OccurredAt);
    }
}
