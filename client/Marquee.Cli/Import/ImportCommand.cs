using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Marquee.Cli.Nodes;
using Marquee.Cli.Terminal;

namespace Marquee.Cli.Import;

/// <summary><c>marquee import</c>: a data set through the API, as any outsider would send it.</summary>
internal static class ImportCommand
{
    /// <summary>How a rating becomes an event; in the help of every command that reads ratings.</summary>
    public const string MappingNote = """
        One rating is one event at the rating's time:
          to 5 stars     a 'rate' event with the stars
          to 10 points   9-10 'like', 7-8 'complete', 5-6 'rate' with half the points as stars,
                         below 5 'rate' with half the points, at least 0.5 stars
        Its id is made of user, title and time, so importing a file again finds duplicates and counts nothing twice
        (within the node's memory for ids; after that, --from skips what is there).
        """;

    public static Command Create(CommandContext context)
    {
        var source = new SourceOptions();
        var what = SourceOptions.Choice("--what", "Which part to import; 'ratings' are the events.", "all", "titles", "ratings");
        var command = new DescribedCommand("import", "Imports titles, then events in time order, through the API.")
        {
            Notes =
            [
                MappingNote,
                "A line of NDJSON with 'type' is an event, with 'name' a title, both in the API's form; an event without an\n"
                    + "eventId gets one made of its line. A file is sent titles first and events in time order, standard input as it comes.",
            ],
            Examples =
            [
                "marquee import ./ml-latest-small",
                "marquee import ./movietweetings --what titles",
                "marquee import events.ndjson --url http://127.0.0.1:8080 --json",
                "zcat events.ndjson.gz | marquee import -",
            ],
        };
        source.AddTo(command);
        command.Add(what);
        command.Does(context, (parse, interrupted) => RunAsync(context, parse, source, parse.GetRequiredValue(what), interrupted));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parse, SourceOptions options, string what, CancellationToken interrupted)
    {
        var json = parse.GetValue(MarqueeCommand.Json);
        var (path, url) = (parse.GetRequiredValue(options.Path), parse.GetRequiredValue(options.Url));
        var selection = new ImportSelection(what != "ratings", what != "titles", parse.GetValue(options.From), parse.GetValue(options.To));
        var source = ImportSource.Open(path, parse.GetRequiredValue(options.Scale), context);
        await NodeOption.ProbeAsync(context, url, interrupted);

        var (tally, faults, rate) = (new ImportTally(), new LineFaults(), new RateMeter(context.TimeProvider));
        var importer = new Importer(NodeOption.Connect(context, url, context.SendPatience), parse.GetRequiredValue(options.Batch), parse.GetRequiredValue(options.Concurrency), tally, faults);
        var start = context.TimeProvider.GetTimestamp();
        FailureReport? failure = null;
        using var abandoned = new CancellationTokenSource();
        using var grace = interrupted.Register(() => abandoned.CancelAfter(context.InterruptGrace));
        try
        {
            await ProgressDisplay.RunAsync(context, json, RunImportAsync, Lines);
        }
        catch (Exception exception) when (FailureReport.Explain(exception) is { } explained)
        {
            failure = explained;
        }

        var elapsed = context.TimeProvider.GetElapsedTime(start);
        var report = new ImportReport
        {
            Source = path,
            Url = url,
            Titles = new(tally.TitlesAccepted, tally.TitlesRejected),
            Events = new(tally.EventsAccepted, tally.EventsDuplicate, tally.EventsRejected),
            SkippedLines = faults.SkippedLines,
            Retries = tally.Retries,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            EventsPerSecond = Math.Round(tally.EventsDone / Math.Max(0.001, elapsed.TotalSeconds), 1),
            Complete = failure is null,
            ResumeFrom = failure is null ? null : importer.ResumeFrom,
            Errors = faults.Kept(),
            Failure = failure,
        };
        return Write(context, json, report);

        async Task RunImportAsync()
        {
            if (!await importer.RunAsync(source.ReadAsync(selection, faults, interrupted), interrupted, abandoned.Token))
            {
                throw new OperationCanceledException(interrupted);
            }
        }

        IReadOnlyList<ProgressState> Lines() =>
        [
            new("titles", tally.TitlesDone, selection.Titles ? source.TitleTotal : 0, tally.TitlesRejected > 0 ? $"{tally.TitlesRejected} rejected" : ""),
            new("events", tally.EventsDone, selection.Events ? source.EventTotal : 0, Detail()),
        ];

        string Detail() => tally.EventsDone == 0
            ? source.Activity
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{rate.PerSecond(tally.EventsDone):N0}/s, {tally.EventsDuplicate:N0} duplicates, {tally.EventsRejected:N0} rejected");
    }

    private static int Write(CommandContext context, bool json, ImportReport report)
    {
        if (json)
        {
            context.Output.WriteLine(JsonSerializer.Serialize(report, CliJson.Default.ImportReport));
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
