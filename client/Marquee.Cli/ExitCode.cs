namespace Marquee.Cli;

/// <summary>What the command's exit code tells a script; the same for every command.</summary>
internal static class ExitCode
{
    /// <summary>Done, and nothing to complain about.</summary>
    public const int Success = 0;

    /// <summary>Done with findings: refused events, skipped lines, a damaged log; or the node refused the call.</summary>
    public const int Findings = 1;

    /// <summary>Nothing done: wrong arguments, a file that is missing or not what it should be, a data directory in use.</summary>
    public const int Usage = 2;

    /// <summary>The node could not be reached, or did not serve in time.</summary>
    public const int Unavailable = 3;

    /// <summary>Ended by Ctrl-C (or SIGTERM) after putting everything that was under way in order.</summary>
    public const int Interrupted = 130;

    /// <summary>As the help shows them.</summary>
    public static readonly string[] Explanations =
    [
        "0    done",
        "1    done with findings (refused or skipped items, a damaged log), or the node refused the call",
        "2    nothing done: wrong arguments, missing or malformed input, data directory in use",
        "3    the node could not be reached or did not serve in time",
        "130  interrupted",
    ];
}
