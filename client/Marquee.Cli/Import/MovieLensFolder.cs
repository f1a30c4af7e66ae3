using System.Globalization;
using System.Runtime.CompilerServices;
using Marquee.Client.Titles;

namespace Marquee.Cli.Import;

/// <summary>
/// A folder in MovieLens format: movies.csv (movieId,title,genres), ratings.csv (userId,movieId,rating,timestamp) and, if
/// there, tags.csv (userId,movieId,tag,timestamp); or the same as .tsv, with MovieTweetings' column names, or as .gz.
/// </summary>
internal sealed class MovieLensFolder(string folder, string scale) : ImportSource
{
    private const string NoGenres = "(no genres listed)";

    /// <inheritdoc/>
    /// <exception cref="CommandFailure">A file or a column that is needed is missing.</exception>
    public override async IAsyncEnumerable<ImportItem> ReadAsync(
        ImportSelection selection,
        LineFaults faults,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Both files are opened first: a missing one should be told before the other is half imported.
        using var movies = selection.Titles ? Open("movies", "--what ratings") : null;
        using var ratings = selection.Events ? Open("ratings", "--what titles") : null;
        if (movies is not null)
        {
            foreach (var title in Titles(movies, faults, cancellationToken))
            {
                yield return title;
            }
        }

        if (ratings is not null)
        {
            Activity = $"sorting {ratings.Name} by time";
            var table = await Task.Run(() => RatingTable.Load(ratings, scale, faults, cancellationToken), cancellationToken);
            table.Keep(selection);
            (EventTotal, LastEventTime) = (table.Count, table.LastTime);
            Activity = $"reading {ratings.Name}";
            foreach (var item in table.Events())
            {
                yield return item;
            }
        }
    }

    private DelimitedFile Open(string name, string without) => DelimitedFile.TryOpen(folder, name) ?? throw new CommandFailure(
        $"The folder '{folder}' holds no {name}.csv (nor .tsv, .csv.gz, .tsv.gz).",
        $"To do without it: {without}.");

    private IEnumerable<ImportItem> Titles(DelimitedFile movies, LineFaults faults, CancellationToken cancellationToken)
    {
        var (id, name, genres) = (movies.Column("movieId", "imdb_id"), movies.Column("title"), movies.Column("genres"));
        var year = movies.ColumnOrNone("year");
        Activity = "reading tags";
        var tags = TagTable.Load(folder, faults, cancellationToken);
        Activity = $"reading {movies.Name}";
        var count = 0;
        while (movies.Read(faults))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var titleId = movies.Field(id).ToString();
            var (text, nameYear) = TitleName.Parse(movies.Field(name).ToString());
            if (titleId.Length == 0 || text.Length == 0)
            {
                faults.Skip(movies.Place, "the id or the title is empty");
                continue;
            }

            count++;
            var title = new Title
            {
                TitleId = titleId,
                Name = text,
                ReleaseYear = year >= 0 && int.TryParse(movies.Field(year), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : nameYear,
                Genres = GenresOf(movies.Field(genres)),
                Tags = tags.Of(titleId),
            };
            yield return new ImportItem(title, movies.Place);
        }

        TitleTotal = count;
        Activity = "";
    }

    private static string[]? GenresOf(ReadOnlySpan<char> field) => field.IsEmpty || field.SequenceEqual(NoGenres)
        ? null
        : field.ToString().Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
