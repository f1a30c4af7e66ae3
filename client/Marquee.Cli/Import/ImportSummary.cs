using System.Globalization;

namespace Marquee.Cli.Import;

/// <summary>What an import did, for people.</summary>
internal static class ImportSummary
{
    /// <summary>Writes the report: a document, or the totals on standard output and the faults on standard error.</summary>
    /// <returns>The exit code.</returns>
    public static int Write(CommandContext context, bool json, ImportReport report)
    {
        if (json)
        {
            JsonOutput.Write(context, report, CliJson.Default.ImportReport);
            return report.ToExitCode();
        }

        foreach (var fault in report.Errors)
        {
            context.Error.WriteLine($"  {fault}");
        }

        if (report.SkippedLines + report.Events.Rejected + report.Titles.Rejected > report.Errors.Count)
        {
            context.Error.WriteLine($"  … the first {report.Errors.Count}.");
        }

        context.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            titles   {report.Titles.Accepted:N0} accepted, {report.Titles.Rejected:N0} rejected
            events   {report.Events.Accepted:N0} accepted, {report.Events.Duplicates:N0} duplicates, {report.Events.Rejected:N0} rejected
            skipped  {report.SkippedLines:N0} lines that could not be read
            took     {report.Seconds:N1} s, {report.EventsPerSecond:N0} events per second, {report.Retries:N0} calls sent again
            """));
        if (report.Failure is { } failure)
        {
            var goOn = report.ResumeFrom is { } from
                ? $"To go on where it stopped: the same command with --from {from.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.FFF'Z'}"
                : "To go on: the same command again.";
            FailureReport.Write(context, json, failure);
            context.Error.WriteLine($"         {goOn}");
        }

        return report.ToExitCode();
    }
}
