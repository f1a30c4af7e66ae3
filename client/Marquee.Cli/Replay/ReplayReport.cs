using Marquee.Cli.Import;

namespace Marquee.Cli.Replay;

/// <summary>What a replay did; the JSON document of <c>replay --json</c>.</summary>
internal sealed record ReplayReport
{
    /// <summary>The path as it was given.</summary>
    public required string Source { get; init; }

    /// <summary>The node.</summary>
    public required Uri Url { get; init; }

    /// <summary>For example <c>60x</c>.</summary>
    public required string Speed { get; init; }

    public required EventCounts Events { get; init; }

    /// <summary>Lines that could not be read and were left out.</summary>
    public required int SkippedLines { get; init; }

    /// <summary>Calls that had to be sent again.</summary>
    public required int Retries { get; init; }

    public required double Seconds { get; init; }

    /// <summary>Events answered for per second, over the whole replay.</summary>
    public required double EventsPerSecond { get; init; }

    /// <summary>The newest event time that was acknowledged.</summary>
    public DateTimeOffset? StreamTime { get; init; }

    /// <summary>The longest time from an event's being due to its acknowledgement; null at full speed, where all is due at once.</summary>
    public double? LagSecondsMax { get; init; }

    /// <summary>Whether everything in the source was sent and answered for.</summary>
    public required bool Complete { get; init; }

    /// <summary>The first faults, in the order of their lines.</summary>
    public required IReadOnlyList<LineFault> Errors { get; init; }

    /// <summary>What ended the replay early, if anything did.</summary>
    public FailureReport? Failure { get; init; }

    /// <summary>What the replay amounts to for a script.</summary>
    public int ToExitCode() => Failure?.ToExitCode() ?? (SkippedLines + Events.Rejected > 0 ? ExitCode.Findings : ExitCode.Success);
}
