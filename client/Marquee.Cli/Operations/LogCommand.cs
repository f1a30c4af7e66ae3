using System.CommandLine;
using System.Globalization;
using Marquee.Cli.Terminal;
using Marquee.Engine.Events;
using Marquee.Storage;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;

namespace Marquee.Cli.Operations;

/// <summary><c>marquee log verify</c>: a data directory checked from end to end, while no node runs on it.</summary>
internal static class LogCommand
{
    private static readonly string[] Files = [DataManifest.FileName, SqlitePartitionLog.FileName];

    public static Command Create(CommandContext context)
    {
        var data = new Option<string>("--data") { Description = "The node's data directory (--Marquee:Data).", HelpName = "dir", Required = true };
        var verify = new DescribedCommand("verify", "Checks a data directory: manifest, structure, checksums, offsets without gap, no event twice.")
        {
            Notes = ["Nothing is written but the lock that keeps a node from starting meanwhile. Stop the node first, or check a copy."],
            Examples = ["marquee log verify --data ./data", "marquee log verify --data ./data --json | jq '.findings[]'"],
        };
        verify.Add(data);
        verify.Does(context, (parse, interrupted) => VerifyAsync(context, parse.GetValue(MarqueeCommand.Json), parse.GetRequiredValue(data), interrupted));
        return new DescribedCommand("log", "Looks into a node's log while the node is stopped.") { verify };
    }

    private static async Task<int> VerifyAsync(CommandContext context, bool json, string directory, CancellationToken interrupted)
    {
        if (!Files.Any(file => File.Exists(Path.Combine(directory, file))))
        {
            throw new CommandFailure(
                Directory.Exists(directory) ? $"'{directory}' is not a data directory: none of {string.Join(", ", Files)} is there." : $"There is no directory '{directory}'.",
                "Give the one that the node was started with: --Marquee:Data, or 'data' where it was started.");
        }

        var start = context.TimeProvider.GetTimestamp();
        var latest = new Latest();
        VerificationReport? report = null;
        try
        {
            await ProgressDisplay.RunAsync(context, json, VerifyAsync, () => [latest.State]);
        }
        catch (StoreUnavailableException exception)
        {
            throw new CommandFailure(exception.Message);
        }
        catch (StoreMismatchException exception)
        {
            throw new CommandFailure(exception.Message);
        }

        return Write(context, json, VerifyReport.Of(directory, report!, context.TimeProvider.GetElapsedTime(start)));

        Task VerifyAsync()
        {
            report = LogVerifier.Verify(directory, new EventInspector(directory, new PartitionStateOptions()).Inspect, latest, interrupted);
            return Task.CompletedTask;
        }
    }

    private static int Write(CommandContext context, bool json, VerifyReport report)
    {
        if (json)
        {
            JsonOutput.Write(context, report, CliJson.Default.VerifyReport);
        }
        else
        {
            foreach (var finding in report.Findings)
            {
                context.Output.WriteLine($"{finding.Place}: expected {finding.Expected}, found {finding.Found}. {finding.NextStep}");
            }

            context.Output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(report.Sound ? "sound" : $"{report.Findings.Count} findings")}: {report.Partitions:N0} partitions, {report.Batches:N0} batches with {report.Entries:N0} entries, {report.Snapshots:N0} snapshots in {report.Seconds:N1} s"));
        }

        return report.Sound ? ExitCode.Success : ExitCode.Findings;
    }

    /// <summary>Keeps what the check said last.</summary>
    private sealed class Latest : IProgress<VerificationProgress>
    {
        public ProgressState State { get; private set; } = new("opening", 0, null, "");

        public void Report(VerificationProgress value) => State = new(value.What, value.Done, value.Total, "");
    }
}
