using System.Globalization;
using System.Text.Json;
using Marquee.Cli.Chaos.Histories;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>Several runs as one; the document of <c>--summary --json</c>.</summary>
/// <param name="Runs">Each of them.</param>
/// <param name="Faults">How many faults all of them inflicted.</param>
/// <param name="Nemeses">How clusters served under each kind of fault, over all runs.</param>
/// <param name="AcknowledgedEvents">Events that were acknowledged.</param>
/// <param name="Violations">Promises that were broken.</param>
internal sealed record ChaosSummary(IReadOnlyList<SummarisedRun> Runs, int Faults, IReadOnlyList<NemesisFigures> Nemeses, long AcknowledgedEvents, int Violations)
{
    /// <summary>Adds up the runs in these folders.</summary>
    /// <exception cref="CommandFailure">A folder holds no run that came to its end.</exception>
    public static ChaosSummary Of(IEnumerable<string> folders)
    {
        var runs = new List<SummarisedRun>();
        var faults = new List<ObservedFault>();
        foreach (var folder in folders)
        {
            var report = ReportIn(folder);
            faults.AddRange(ObservedFault.Of(CallRecord.Join(HistoryFile.Read(ChaosReport.HistoryIn(folder)), []), report.Injections));
            runs.Add(new SummarisedRun(folder, report.Storage, report.Seed, report.Injections.Count, report.AcknowledgedEvents, report.Violations.Count));
        }

        return new ChaosSummary(runs, faults.Count, NemesisFigures.Of(faults), runs.Sum(run => (long)run.AcknowledgedEvents), runs.Sum(run => run.Violations));
    }

    /// <summary>Shows it, and returns the exit code.</summary>
    public int Write(CommandContext context, bool json)
    {
        if (json)
        {
            JsonOutput.Write(context, this, CliJson.Default.ChaosSummary);
        }
        else
        {
            NemesisFigures.Show(Nemeses, context.OutputConsole());
            foreach (var run in Runs)
            {
                context.Output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"seed {run.Seed} on {run.Storage}: {run.Faults} faults, {run.AcknowledgedEvents:N0} events acknowledged, {run.Violations} violations ({run.Folder})"));
            }

            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Runs.Count} runs: {Faults} faults, {AcknowledgedEvents:N0} events acknowledged, {Violations} violations"));
        }

        return Violations == 0 ? ExitCode.Success : ExitCode.Findings;
    }

    private static ChaosReport ReportIn(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(ChaosReport.FileIn(folder)), CliJson.Default.ChaosReport)!;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or JsonException)
        {
            throw new CommandFailure($"{folder} holds no report of a chaos run that came to its end.", "--summary takes the folders that runs were given with --folder.");
        }
    }
}

/// <summary>One run of a summary.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="Storage">The store's kind.</param>
/// <param name="Seed">Its seed.</param>
/// <param name="Faults">How many faults it inflicted.</param>
/// <param name="AcknowledgedEvents">Events that were acknowledged.</param>
/// <param name="Violations">Promises that were broken.</param>
internal sealed record SummarisedRun(string Folder, string Storage, int Seed, int Faults, int AcknowledgedEvents, int Violations);
