using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Marquee.Cli.Nodes;
using Marquee.Client;

namespace Marquee.Cli.Import;

/// <summary>What import and replay have in common: where events come from and how they are sent.</summary>
internal sealed class SourceOptions
{
    /// <summary>The path as it was given.</summary>
    public Argument<string> Path { get; } = new("path")
    {
        Description = "A MovieLens-format folder (movies.csv, ratings.csv, tags.csv if there; also .tsv and .gz), an NDJSON file (also .gz), or - for NDJSON on standard input.",
    };

    public Option<Uri> Url { get; } = NodeOption.Create();

    public Option<int> Batch { get; } = BoundedOption.Whole("--batch", "Items per call.", 500, 1, MarqueeClient.EventsPerCallMax);

    public Option<int> Concurrency { get; } = BoundedOption.Whole("--concurrency", "Calls at once. The events of one viewer are never sent out of order.", 4, 1, 64);

    public Option<string> Scale { get; } = Choice("--scale", "The ratings' scale: stars to 5, points to 10, or by the largest rating in the file.", "auto", "5", "10");

    public Option<DateTimeOffset?> From { get; } = Time("--from", "Only events at or after this time (UTC), for example 2013-05-01 or 2013-05-01T12:00:00Z.");

    public Option<DateTimeOffset?> To { get; } = Time("--to", "Only events before this time (UTC).");

    public void AddTo(Command command)
    {
        command.Add(Path);
        foreach (var option in (Option[])[Url, Batch, Concurrency, Scale, From, To])
        {
            command.Add(option);
        }
    }

    /// <summary>An option that takes one of a few words; the first is the default.</summary>
    public static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, DefaultValueFactory = _ => words[0] };
        return option.AcceptOnlyFromAmong(words);
    }

    private static Option<DateTimeOffset?> Time(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result => Parse(result, name),
    };

    private static DateTimeOffset? Parse(ArgumentResult result, string name)
    {
        const DateTimeStyles AsUtc = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (DateTimeOffset.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, AsUtc, out var time))
        {
            return time;
        }

        result.AddError($"{name} takes a time like 2013-05-01 or 2013-05-01T12:00:00Z, not '{result.Tokens[0].Value}'.");
        return null;
    }
}
