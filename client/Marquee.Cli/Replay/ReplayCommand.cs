using System.CommandLine;
using System.Globalization;
using Marquee.Cli.Import;
using Marquee.Cli.Nodes;
using Marquee.Cli.Terminal;

namespace Marquee.Cli.Replay;

/// <summary><c>marquee replay</c>: the events of a data set as a live stream.</summary>
internal static class ReplayCommand
{
    public static Command Create(CommandContext context)
    {
        var source = new SourceOptions();
        var speed = new Option<ReplaySpeed>("--speed")
        {
            Description = "Multiple of stream time, for example 60x (an hour in a minute), or max for as fast as the node takes it.",
            HelpName = "60x|max",
            DefaultValueFactory = _ => new ReplaySpeed(60),
            CustomParser = result =>
            {
                if (!ReplaySpeed.TryParse(result.Tokens[0].Value, out var parsed))
                {
                    result.AddError($"--speed takes a multiple of stream time above 0, for example 60x, or max; not '{result.Tokens[0].Value}'.");
                }

                return parsed;
            },
        };
        var shift = new Option<bool>("--shift-to-now")
        {
            Description = "Shift all times so that the last event is now. Shifted events are new events, whatever the node holds already.",
        };
        var command = new DescribedCommand("replay", "Streams the events of a data set in stream-time order at a chosen speed. Titles are left to import.")
        {
            Notes = [ImportCommand.MappingNote],
            Examples =
            [
                "marquee import ./ml-latest-small --what titles && marquee replay ./ml-latest-small --speed 86400x",
                "marquee replay ./movietweetings --speed max --from 2013-09-01",
                "marquee replay events.ndjson --speed 1x --shift-to-now",
            ],
        };
        source.AddTo(command);
        command.Add(speed);
        command.Add(shift);
        command.Does(context, (parse, interrupted) => RunAsync(context, parse, source, parse.GetRequiredValue(speed), parse.GetValue(shift), interrupted));
        return command;
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parse, SourceOptions options, ReplaySpeed speed, bool endNow, CancellationToken interrupted)
    {
        var json = parse.GetValue(MarqueeCommand.Json);
        var (path, url) = (parse.GetRequiredValue(options.Path), parse.GetRequiredValue(options.Url));
        var selection = new ImportSelection(false, true, parse.GetValue(options.From), parse.GetValue(options.To));
        var source = ImportSource.Open(path, parse.GetRequiredValue(options.Scale), context);
        if (endNow && !source.KnowsItsEnd)
        {
            throw new CommandFailure("--shift-to-now has to know the last event's time, and standard input does not tell it.", "Write the stream to a file first.");
        }

        await NodeOption.ProbeAsync(context, url, interrupted);
        var clock = new ReplayClock(speed, context.TimeProvider);
        var counts = new ImportTally();
        var replayer = new Replayer(
            NodeOption.Connect(context, url, context.SendPatience, counts.Retry),
            clock,
            parse.GetRequiredValue(options.Batch),
            parse.GetRequiredValue(options.Concurrency),
            counts,
            context.TimeProvider);
        var (progress, rate) = (replayer.Progress, new RateMeter(context.TimeProvider));
        var (elapsed, failure) = await InterruptibleWork.RunAsync(
            context,
            json,
            abandoned => replayer.RunAsync(source, selection, endNow, interrupted, abandoned),
            Lines,
            interrupted);
        var report = new ReplayReport
        {
            Source = path,
            Url = url,
            Speed = speed.ToString(),
            Events = new(counts.EventsAccepted, counts.EventsDuplicate, counts.EventsRejected),
            SkippedLines = replayer.Faults.SkippedLines,
            Retries = counts.Retries,
            Seconds = Math.Round(elapsed.TotalSeconds, 3),
            EventsPerSecond = Math.Round(counts.EventsDone / Math.Max(0.001, elapsed.TotalSeconds), 1),
            StreamTime = progress.StreamTime,
            LagSecondsMax = speed == ReplaySpeed.Max ? null : Math.Round(progress.LagMax.TotalSeconds, 3),
            Complete = failure is null,
            Errors = replayer.Faults.Kept(),
            Failure = failure,
        };
        return ReplaySummary.Write(context, json, report);

        IReadOnlyList<ProgressState> Lines() =>
        [
            new(
                "events",
                counts.EventsDone,
                source.EventTotal,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{rate.PerSecond(counts.EventsDone):N0}/s{Lag()}, stream {progress.StreamTime?.UtcDateTime:yyyy-MM-dd HH:mm:ss}"),
                counts.Activity(source)),
        ];

        string Lag() => speed == ReplaySpeed.Max ? "" : string.Create(CultureInfo.InvariantCulture, $", lag {progress.Lag.TotalSeconds:0.00} s");
    }
}
