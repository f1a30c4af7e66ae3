namespace Marquee.Cli.Import;

/// <summary>What an import did; the JSON document of <c>import --json</c>.</summary>
internal sealed record ImportReport
{
    /// <summary>The path as it was given.</summary>
    public required string Source { get; init; }

    /// <summary>The node.</summary>
    public required Uri Url { get; init; }

    public required TitleCounts Titles { get; init; }

    public required EventCounts Events { get; init; }

    /// <summary>Lines that could not be read and were left out.</summary>
    public required int SkippedLines { get; init; }

    /// <summary>Calls that had to be sent again.</summary>
    public required int Retries { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Events answered for per second, over the whole import.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>Whether everything in the source was read and answered for.</summary>
    public required bool Complete { get; init; }

    /// <summary>What to give to --from to go on; null when the import is complete or has not come to an event with a time.</summary>
    public DateTimeOffset? ResumeFrom { get; init; }

    /// <summary>The first faults, in the order of their lines.</summary>
    public required IReadOnlyList<LineFault> Errors { get; init; }

    /// <summary>What ended the import early, if anything did.</summary>
    public FailureReport? Failure { get; init; }

    /// <summary>What the import amounts to for a script.</summary>
    public int ToExitCode() => Failure?.ToExitCode()
        ?? (SkippedLines + Titles.Rejected + Events.Rejected > 0 ? ExitCode.Findings : ExitCode.Success);
}

/// <param name="Accepted">Now in the catalogue.</param>
/// <param name="Rejected">Refused by the node.</param>
internal sealed record TitleCounts(int Accepted, int Rejected);

/// <param name="Accepted">New and durable.</param>
/// <param name="Duplicates">There already; counted once.</param>
/// <param name="Rejected">Refused by the node.</param>
internal sealed record EventCounts(int Accepted, int Duplicates, int Rejected);
