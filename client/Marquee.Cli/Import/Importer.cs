using Marquee.Client;

namespace Marquee.Cli.Import;

/// <summary>Moves a source through the API: titles first, then events in the source's order.</summary>
/// <param name="client">The node.</param>
/// <param name="batch">Items per call, 1 to 1,000.</param>
/// <param name="concurrency">Calls at once.</param>
/// <param name="tally">Gets the counts as they come.</param>
/// <param name="faults">Gets what the node refuses.</param>
/// <param name="timeProvider">The clock.</param>
internal sealed class Importer(MarqueeClient client, int batch, int concurrency, ImportTally tally, LineFaults faults, TimeProvider timeProvider)
{
    // A pipe that pauses does not keep back what it gave.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Where a later import would have to begin to miss nothing: the time of the oldest event that was read and not
    /// acknowledged, or of the last one that was read. Null before the first event.
    /// </summary>
    public DateTimeOffset? ResumeFrom { get; private set; }

    /// <summary>Runs to the end of the source, or to the first call that fails for good.</summary>
    /// <param name="items">The source.</param>
    /// <param name="interrupted">Stops the reading; what has been read is still sent.</param>
    /// <param name="abandoned">Stops the sending too.</param>
    /// <returns>False when it was interrupted.</returns>
    /// <exception cref="MarqueeUnavailableException">The node did not serve a call in time.</exception>
    /// <exception cref="MarqueeProblemException">The node refused a whole call.</exception>
    public async Task<bool> RunAsync(IAsyncEnumerable<ImportItem> items, CancellationToken interrupted, CancellationToken abandoned)
    {
        var titles = new List<ImportItem>(batch);
        var lanes = new EventLanes(concurrency, batch, SendEventsAsync, abandoned);
        var toTheEnd = true;
        try
        {
            using var stopped = CancellationTokenSource.CreateLinkedTokenSource(interrupted, lanes.Failed);
            await using var reader = new PatientReader<ImportItem>(items, Patience, timeProvider, stopped.Token);
            ReadOutcome outcome;
            while ((outcome = await reader.MoveNextAsync()) != ReadOutcome.End)
            {
                if (outcome == ReadOutcome.Silence)
                {
                    await SendTitlesAsync(titles, abandoned);
                    await lanes.FlushAsync(abandoned);
                    continue;
                }

                var item = reader.Current;
                if (item.Event is null)
                {
                    titles.Add(item);
                    if (titles.Count < batch)
                    {
                        continue;
                    }
                }

                await SendTitlesAsync(titles, abandoned);
                if (item.Event is { } engagement)
                {
                    await lanes.AddAsync(item, interrupted);
                    ResumeFrom = engagement.OccurredAt ?? ResumeFrom;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Interrupted, or a lane has failed: in that case CompleteAsync throws what it failed of.
            toTheEnd = false;
        }

        try
        {
            await SendTitlesAsync(titles, abandoned);
            await lanes.CompleteAsync();
        }
        finally
        {
            ResumeFrom = lanes.OldestUnacknowledged() ?? ResumeFrom;
        }

        return toTheEnd;
    }

    private async Task SendTitlesAsync(List<ImportItem> titles, CancellationToken cancellationToken)
    {
        if (titles.Count == 0)
        {
            return;
        }

        var outcome = await client.UpsertTitlesAsync([.. titles.Select(item => item.Title!)], cancellationToken);
        faults.Refuse(titles, outcome.Errors);
        tally.Add(outcome);
        titles.Clear();
    }

    private async Task SendEventsAsync(IReadOnlyList<ImportItem> events, CancellationToken cancellationToken)
    {
        var outcome = await client.SendEventsAsync([.. events.Select(item => item.Event!)], cancellationToken);
        faults.Refuse(events, outcome.Errors);
        tally.Add(outcome);
    }
}
