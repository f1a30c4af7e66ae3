using Marquee.Client;
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
    private volatile string? _trouble;

    public int TitlesAccepted => Volatile.Read(ref _titlesAccepted);

    public int TitlesRejected => Volatile.Read(ref _titlesRejected);

    public int EventsAccepted => Volatile.Read(ref _accepted);

    public int EventsDuplicate => Volatile.Read(ref _duplicates);

    public int EventsRejected => Volatile.Read(ref _rejected);

    /// <summary>Attempts beyond the first of each call.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <summary>What goes on besides sending: trouble with the node, or reading before the first event.</summary>
    public string Activity(ImportSource source) => _trouble is { } trouble ? $"retrying: {trouble}" : EventsDone == 0 ? source.Activity : "";

    /// <summary>Titles that the node has answered for.</summary>
    public int TitlesDone => TitlesAccepted + TitlesRejected;

    /// <summary>Events that the node has answered for.</summary>
    public int EventsDone => EventsAccepted + EventsDuplicate + EventsRejected;

    /// <summary>An attempt has failed, and the call will be sent again.</summary>
    public void Retry(FailedAttempt failed)
    {
        Interlocked.Increment(ref _retries);
        _trouble = failed.Cause.Message;
    }

    public void Add(TitleBatchOutcome outcome)
    {
        _trouble = null;
        Interlocked.Add(ref _titlesAccepted, outcome.Accepted);
        Interlocked.Add(ref _titlesRejected, outcome.Rejected);
    }

    public void Add(EventBatchOutcome outcome)
    {
        _trouble = null;
        Interlocked.Add(ref _accepted, outcome.Accepted);
        Interlocked.Add(ref _duplicates, outcome.Duplicates);
        Interlocked.Add(ref _rejected, outcome.Rejected);
    }
}
