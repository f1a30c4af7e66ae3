namespace Marquee.Cli.Import;

/// <summary>Something that titles and events are read from.</summary>
internal abstract class ImportSource
{
    /// <summary>Titles that will be read; null while that is not known.</summary>
    public int? TitleTotal { get; protected set; }

    /// <summary>Events that will be read; null while that is not known.</summary>
    public int? EventTotal { get; protected set; }

    /// <summary>Time of the last event that will be read; null when it is not known before the first one is read.</summary>
    public DateTimeOffset? LastEventTime { get; protected set; }

    /// <summary>What the source is busy with, for the progress display.</summary>
    public string Activity { get; protected set; } = "opening";

    /// <summary>Whether totals and <see cref="LastEventTime"/> will be known before the first event is read.</summary>
    public virtual bool KnowsItsEnd => true;

    /// <summary>Reads titles first, then events in time order. Bad lines go to <paramref name="faults"/> and are left out.</summary>
    public abstract IAsyncEnumerable<ImportItem> ReadAsync(ImportSelection selection, LineFaults faults, CancellationToken cancellationToken);

    /// <summary>Opens a path: a MovieLens-format folder, an NDJSON file (plain or .gz), or <c>-</c> for NDJSON on standard input.</summary>
    /// <exception cref="CommandFailure">There is nothing at the path that can be read.</exception>
    public static ImportSource Open(string path, string scale, CommandContext context)
    {
        if (path == "-")
        {
            return new NdjsonStream(context.OpenInput());
        }

        if (Directory.Exists(path))
        {
            return new MovieLensFolder(path, scale);
        }

        if (!File.Exists(path))
        {
            throw new CommandFailure($"There is nothing at '{path}'.", "Give a folder with movies.csv and ratings.csv, an NDJSON file, or - for standard input.");
        }

        var name = Path.GetFileName(path);
        if (name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandFailure($"'{path}' is an archive.", "Unpack it and give the folder that holds movies.csv and ratings.csv.");
        }

        return DelimitedFile.IsOne(name)
            ? throw new CommandFailure($"'{path}' is one file of a data set.", $"Give the folder that holds it: {Path.GetDirectoryName(Path.GetFullPath(path))}")
            : new NdjsonFile(path);
    }
}
