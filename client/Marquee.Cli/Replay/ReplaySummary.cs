using System.Globalization;

namespace Marquee.Cli.Replay;

/// <summary>What a replay did, for people.</summary>
internal static class ReplaySummary
{
    /// <summary>Writes the report: a document, or the totals on standard output and the faults on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, bool json, ReplayReport report)
    {
        if (json)
        {
            JsonOutput.Write(context, report, CliJson.Default.ReplayReport);
            return report.ToExitCode();
        }

        foreach (var fault in report.Errors)
        {
            context.Error.WriteLine($"  {fault}");
        }

        var lag = report.LagSecondsMax is { } seconds ? string.Create(CultureInfo.InvariantCulture, $", lag at most {seconds:0.00} s") : "";
        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            events   {report.Events.Accepted:N0} accepted, {report.Events.Duplicates:N0} duplicates, {report.Events.Rejected:N0} rejected
            skipped  {report.SkippedLines:N0} lines that could not be read
            took     {report.Seconds:N1} s at {report.Speed}, {report.EventsPerSecond:N0} events per second{lag}
            """));
        if (report.Events is { Accepted: 0, Duplicates: > 0 })
        {
            context.Error.WriteLine("marquee: The node had all of these events already; --shift-to-now replays them as new ones.");
        }

        return report.Failure is { } failure ? FailureReport.Write(context, json, failure) : report.ToExitCode();
    }
}
