using Marquee.Cli.Import;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Training.Data;

namespace Marquee.Cli.DataSets;

/// <summary>
/// A data set to evaluate or train on: a folder in MovieLens format, or NDJSON of titles and events as <c>marquee import</c>
/// reads it, in one file, several, or a folder of them.
/// </summary>
/// <remarks>
/// Bad lines are told and left out, as in an import. Of two lines about one title the later holds. A title that only events
/// name has its id for a name, so that every model can be asked for it. A second event of a user with the same id is dropped,
/// as a node does. Events are positive as the engine says (<see cref="Feedback"/>).
/// </remarks>
internal static class DataSetReader
{
    /// <summary>What may be given; in the help of every command that reads data sets.</summary>
    public const string PathDescription =
        "A folder in MovieLens format (movies.csv and ratings.csv, or .tsv, or gzipped), or NDJSON of titles and events: files (also .gz), a folder of them, or - for standard input.";

    private static readonly string[] Endings = [".ndjson", ".jsonl", ".ndjson.gz", ".jsonl.gz"];

    /// <summary>Reads what is at some paths as one data set.</summary>
    /// <param name="paths">One MovieLens folder, or any NDJSON.</param>
    /// <param name="faults">Gets the bad lines.</param>
    /// <param name="context">Opens standard input.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="CommandFailure">There is nothing at a path, or nothing in it that can be evaluated.</exception>
    public static async Task<InteractionDataSet> ReadAsync(IReadOnlyList<string> paths, LineFaults faults, CommandContext context, CancellationToken cancellationToken)
    {
        var folder = paths.FirstOrDefault(IsMovieLens);
        if (folder is not null && paths.Count > 1)
        {
            throw new CommandFailure($"'{folder}' is a data set of its own.", "Give it alone, or NDJSON files only.");
        }

        try
        {
            var data = folder is not null
                ? MovieLensReader.Read(folder, badLine: (file, line, fault) => faults.Skip(new Place(file, line), fault))
                : await ReadNdjsonAsync(paths, faults, context, cancellationToken);
            return data.Interactions.Length > 0
                ? data
                : throw new CommandFailure($"There are no events in {data.Name}.", faults.Kept() is [var first, ..] ? $"The first line that could not be read: {first}" : null);
        }
        catch (FileNotFoundException exception)
        {
            throw new CommandFailure(exception.Message);
        }
    }

    private static bool IsMovieLens(string path) =>
        Directory.Exists(path) && Directory.EnumerateFiles(path).Any(static file => DelimitedFile.IsOne(Path.GetFileName(file)));

    private static async Task<InteractionDataSet> ReadNdjsonAsync(IReadOnlyList<string> paths, LineFaults faults, CommandContext context, CancellationToken cancellationToken)
    {
        var collected = new Collection(faults);
        foreach (var source in paths.SelectMany(FilesOf).Select(path => ImportSource.Open(path, "auto", context)))
        {
            await foreach (var item in source.ReadAsync(new ImportSelection(true, true), faults, cancellationToken))
            {
                collected.Add(item);
            }
        }

        var name = Path.GetFileName(Path.TrimEndingDirectorySeparator(paths[0]));
        return collected.ToDataSet(paths.Count == 1 ? name : $"{name} and {paths.Count - 1} more");
    }

    /// <summary>A folder's NDJSON files by name; anything else as it is.</summary>
    private static IEnumerable<string> FilesOf(string path)
    {
        if (!Directory.Exists(path))
        {
            return [path];
        }

        string[] files = [.. Directory.EnumerateFiles(path).Where(static file => Endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal)];
        return files.Length > 0
            ? files
            : throw new CommandFailure($"The folder '{path}' holds no data set.", $"It needs movies.csv and ratings.csv, or files that end with {string.Join(", ", Endings)}.");
    }

    /// <summary>Titles and events of all files.</summary>
    private sealed class Collection(LineFaults faults)
    {
        private readonly List<TitleMetadata> _titles = [];
        private readonly Dictionary<string, int> _titleIndex = new(StringComparer.Ordinal);
        private readonly List<EngagementEvent> _events = [];
        private readonly HashSet<(string User, string Event)> _seen = [];

        public void Add(ImportItem item)
        {
            if ((item.Event is { } engagement ? AddEvent(engagement) : AddTitle(item.Title!)) is { } fault)
            {
                faults.Skip(item.Place, fault.Message, fault.Field);
            }
        }

        public InteractionDataSet ToDataSet(string name)
        {
            var users = new Dictionary<string, int>(StringComparer.Ordinal);
            var interactions = new Interaction[_events.Count];
            var next = 0;
            foreach (var engagement in _events.OrderBy(static engagement => engagement.OccurredAt))
            {
                if (!users.TryGetValue(engagement.UserId, out var user))
                {
                    users[engagement.UserId] = user = users.Count;
                }

                var positive = Feedback.KindOf(engagement) == FeedbackKind.Positive;
                interactions[next++] = new Interaction(user, TitleOf(engagement.TitleId), engagement, positive);
            }

            return new InteractionDataSet(name, _titles, [.. users.OrderBy(static user => user.Value).Select(static user => user.Key)], interactions);
        }

        private FieldFault? AddEvent(Client.Events.EngagementEvent engagement)
        {
            if (EngineMapping.Read(engagement, out var read) is { } fault)
            {
                return fault;
            }

            if (_seen.Add((read!.UserId, read.EventId)))
            {
                _events.Add(read);
            }

            return null;
        }

        private FieldFault? AddTitle(Client.Titles.Title title)
        {
            if (EngineMapping.Read(title, out var read) is { } fault)
            {
                return fault;
            }

            _titles[TitleOf(read!.TitleId)] = read;
            return null;
        }

        private int TitleOf(string titleId)
        {
            if (!_titleIndex.TryGetValue(titleId, out var index))
            {
                _titleIndex[titleId] = index = _titles.Count;
                _titles.Add(new TitleMetadata { TitleId = titleId, Name = titleId });
            }

            return index;
        }
    }
}
