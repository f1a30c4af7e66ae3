using Marquee.Client.Events;
using Marquee.Client.Titles;

namespace Marquee.Cli.Import;

/// <summary>What has become of the titles and events so far. Safe for concurrent use.</summary>
internal sealed class ImportTally
{
    private int _titlesAccepted;
    private int _titlesRejected;
    private int _accepted;
    private int _duplicates;
    private int _rejected;
    private int _retries;

    public int TitlesAccepted => Volatile.Read(ref _titlesAccepted);

    public int TitlesRejected => Volatile.Read(ref _titlesRejected);

    public int EventsAccepted => Volatile.Read(ref _accepted);

    public int EventsDuplicate => Volatile.Read(ref _duplicates);

    public int EventsRejected => Volatile.Read(ref _rejected);

    /// <summary>Attempts beyond the first of each call.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>Titles that the node has answered for.</summary>
    public int TitlesDone => TitlesAccepted + TitlesRejected;

    /// <summary>Events that the node has answered for.</summary>
    public int EventsDone => EventsAccepted + EventsDuplicate + EventsRejected;

    public void Add(TitleBatchOutcome outcome)
    {
        Interlocked.Add(ref _titlesAccepted, outcome.Accepted);
        Interlocked.Add(ref _titlesRejected, outcome.Rejected);
        Interlocked.Add(ref _retries, outcome.Attempts - 1);
    }

    public void Add(EventBatchOutcome outcome)
    {
        Interlocked.Add(ref _accepted, outcome.Accepted);
        Interlocked.Add(ref _duplicates, outcome.Duplicates);
        Interlocked.Add(ref _rejected, outcome.Rejected);
        Interlocked.Add(ref _retries, outcome.Attempts - 1);
    }
}
