using System.Diagnostics;

namespace Marquee.Cli.Clusters.Processes;

/// <summary>A process that lives on when the command that started it has ended, and writes what it prints into a file.</summary>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Log">The file that gets what it prints; appended to.</param>
internal sealed record BackgroundProcess(string Command, IReadOnlyList<string> Arguments, string Log)
{
    private const int TailLines = 20;

    /// <summary>Further environment variables: where passwords go, for everybody can read a command line.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Starts it.</summary>
    public ProcessIdentity Start()
    {
        // A session of its own: Ctrl-C in the terminal is for the command, not for the cluster. Each exec keeps the process's number.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "log=\"$1\"; shift; exec setsid \"$@\" </dev/null >>\"$log\" 2>&1", "sh", Log, Command, .. Arguments])
        {
            WorkingDirectory = Path.GetDirectoryName(Log),
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        return ProcessIdentity.Of(process.Id) ?? throw new CommandFailure($"{Command} ended at once. {TailOf(Log)}");
    }

    /// <summary>The end of a log, for a message.</summary>
    public static string TailOf(string log)
    {
        if (!File.Exists(log))
        {
            return "It printed nothing.";
        }

        using var reader = new StreamReader(new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        var lines = reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Length == 0 ? "It printed nothing." : $"The end of {log}:\n  {string.Join("\n  ", lines.TakeLast(TailLines))}";
    }
}
