using System.CommandLine;
using System.Globalization;
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
        var client = NodeOption.Connect(context, url, context.SendPatience, tally.Retry);
        var importer = new Importer(client, parse.GetRequiredValue(options.Batch), parse.GetRequiredValue(options.Concurrency), tally, faults, context.TimeProvider);
        var (elapsed, failure) = await InterruptibleWork.RunAsync(
            context,
            json,
            abandoned => importer.RunAsync(source.ReadAsync(selection, faults, interrupted), interrupted, abandoned),
            Lines,
            interrupted);
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
        return ImportSummary.Write(context, json, report);

        IReadOnlyList<ProgressState> Lines()
        {
            var lines = new List<ProgressState>();
            if (selection.Titles)
            {
                lines.Add(new("titles", tally.TitlesDone, source.TitleTotal, string.Create(CultureInfo.InvariantCulture, $"{tally.TitlesRejected:N0} rejected")));
            }

            if (selection.Events)
            {
                lines.Add(new("events", tally.EventsDone, source.EventTotal, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate.PerSecond(tally.EventsDone):N0}/s, {tally.EventsDuplicate:N0} duplicates, {tally.EventsRejected:N0} rejected")));
            }

            return [.. lines.SkipLast(1), lines[^1] with { Activity = tally.Activity(source) }];
        }
    }
}
