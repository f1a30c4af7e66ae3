using System.Text.Json.Serialization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>One line of a recorded history: something that the client began, learned, or read in the end.</summary>
internal sealed record HistoryRecord
{
    /// <summary>Milliseconds since the run began.</summary>
    public required double At { get; init; }

    /// <summary>What the line tells.</summary>
    public required RecordKind Kind { get; init; }

    /// <summary>Joins the invocation of a call to its outcome; 0 for lines that are neither.</summary>
    public long Call { get; init; }

    /// <summary>What is done; with every line of a call.</summary>
    public CallAction Action { get; init; }

    /// <summary>The user who is asked about or erased.</summary>
    public string? User { get; init; }

    /// <summary>The title that is asked about or written.</summary>
    public string? Title { get; init; }

    /// <summary>Events that are sent, or that an answer shows.</summary>
    public IReadOnlyList<RecordedEvent>? Events { get; init; }

    /// <summary>Of an append without one outcome for all: the outcome of each of its events, in their order.</summary>
    public IReadOnlyList<RecordKind>? Outcomes { get; init; }

    /// <summary>The position token that a read carries.</summary>
    public string? After { get; init; }

    /// <summary>The position token of an acknowledgement, or the position that a slate covers.</summary>
    public string? Position { get; init; }

    /// <summary>How many of an append's events were there already.</summary>
    public int Duplicates { get; init; }

    /// <summary>The counts of a title, by event type.</summary>
    public IReadOnlyDictionary<string, long>? Counts { get; init; }

    /// <summary>The titles that an answer shows, besides those of events.</summary>
    public IReadOnlyList<string>? Shown { get; init; }

    /// <summary>Which writing of a title, from 1: sent, or shown by an answer.</summary>
    public int? Version { get; init; }

    /// <summary>Whether an answer says that it is older than asked for.</summary>
    public bool Degraded { get; init; }

    /// <summary>Where a slate comes from.</summary>
    public string? Source { get; init; }

    /// <summary>The titles of the user's past that a slate gives as reasons; null when it gives none.</summary>
    public IReadOnlyList<string>? Because { get; init; }

    /// <summary>What was compared with the fold of the log; on one of the lines about it.</summary>
    public FoldComparison? Compared { get; init; }

    /// <summary>The HTTP status; 0 without an answer.</summary>
    public int Status { get; init; }

    /// <summary>For people.</summary>
    public string? Detail { get; init; }
}

/// <summary>What a line tells.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RecordKind>))]
internal enum RecordKind
{
    /// <summary>A call began.</summary>
    Invoke,

    /// <summary>It was answered, and what it asked for is done.</summary>
    Ok,

    /// <summary>It was answered, and certainly nothing was done.</summary>
    Fail,

    /// <summary>Nobody knows.</summary>
    Unknown,

    /// <summary>A fault began or ended.</summary>
    Nemesis,

    /// <summary>What the cluster holds in the end, or whether it came back to life.</summary>
    Final,
}

/// <summary>What a call does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallAction>))]
internal enum CallAction
{
    None,

    /// <summary>Sends events.</summary>
    Append,

    /// <summary>Reads a user's whole history.</summary>
    Read,

    /// <summary>Asks for recommendations.</summary>
    Recommend,

    /// <summary>Erases a user.</summary>
    Erase,

    /// <summary>A title's counters.</summary>
    Count,

    /// <summary>Whether the cluster came back to life.</summary>
    Liveness,

    /// <summary>A batch of the log: the position of its first entry, and its events; an erasure is an entry without id and title.</summary>
    Log,

    /// <summary>What is stored against the fold of the log: one line for each difference, in its detail, and one that says what was compared.</summary>
    Fold,

    /// <summary>Asks for a user's home page.</summary>
    Home,

    /// <summary>Asks what is like a title.</summary>
    Similar,

    /// <summary>Asks what is trending.</summary>
    Trending,

    /// <summary>Writes a title.</summary>
    Upsert,

    /// <summary>Reads a title.</summary>
    Title,
}

/// <summary>One event.</summary>
/// <param name="Id">Its id; used once in a run.</param>
/// <param name="User">Whose.</param>
/// <param name="Title">Of what.</param>
/// <param name="Type">What happened.</param>
internal sealed record RecordedEvent(string Id, string User, string Title, string Type);
