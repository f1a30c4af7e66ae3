using System.Globalization;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;

namespace Marquee.Training.Data;

/// <summary>
/// Reads a folder in MovieLens format (<c>movies.csv</c>, <c>ratings.csv</c>, <c>tags.csv</c> when present) or in that of the
/// MovieTweetings sample (<c>movies.tsv</c>, <c>ratings.tsv</c>); each file may be gzipped.
/// </summary>
/// <remarks>
/// A rating above 5 anywhere makes the whole file ten-point. Positive: at least 4 of 5 stars, or at least 7 of 10 points.
/// Tags carry their own times and would leak the future into a temporal protocol, so they are read only when asked for.
/// </remarks>
public static class MovieLensReader
{
    /// <summary>Reads the folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="includeTags">Reads tags too.</param>
    /// <param name="badLine">Gets file name, line number and what is wrong; the line is left out. Null: the first bad line ends the reading.</param>
    /// <exception cref="FileNotFoundException">The folder has no ratings or no movies.</exception>
    /// <exception cref="FormatException">A line cannot be read and nobody takes bad lines; the message names file and line.</exception>
    public static InteractionDataSet Read(string folder, bool includeTags = false, Action<string, int, string>? badLine = null)
    {
        badLine ??= static (file, line, fault) => throw new FormatException($"{file}, line {line}: {fault}.");
        var titles = ReadTitles(Find(folder, "movies"), badLine);
        var indexOf = new Dictionary<string, int>(titles.Count);
        for (var i = 0; i < titles.Count; i++)
        {
            indexOf[titles[i].TitleId] = i;
        }

        if (includeTags && TryFind(folder, "tags") is { } tags)
        {
            AddTags(tags, titles, indexOf, badLine);
        }

        var rows = ReadRatings(Find(folder, "ratings"), titles, indexOf, badLine);
        var scale = RatingMapping.ScaleOf(rows.Count == 0 ? 0 : rows.Max(static row => row.Rating));
        var users = new List<string>();
        var userIndex = new Dictionary<string, int>();
        var interactions = new Interaction[rows.Count];
        var next = 0;
        foreach (var row in rows.OrderBy(static row => row.Seconds))
        {
            if (!userIndex.TryGetValue(row.User, out var user))
            {
                userIndex[row.User] = user = users.Count;
                users.Add(row.User);
            }

            var positive = row.Rating >= (scale == RatingScale.TenPoint ? 7 : 4);
            interactions[next++] = new Interaction(user, row.Title, ToEvent(row, titles[row.Title].TitleId, scale), positive);
        }

        return new InteractionDataSet(Path.GetFileName(Path.TrimEndingDirectorySeparator(folder)), titles, users, interactions);
    }

    private static EngagementEvent ToEvent(Row row, string titleId, RatingScale scale)
    {
        var (type, value) = RatingMapping.Map(row.Rating, scale);
        return new EngagementEvent
        {
            EventId = $"{row.User}-{titleId}-{row.Seconds}",
            UserId = row.User,
            TitleId = titleId,
            Type = type,
            Value = value,
            OccurredAt = row.Seconds * 1000,
        };
    }

    private static List<TitleMetadata> ReadTitles(string path, Action<string, int, string> badLine)
    {
        var titles = new List<TitleMetadata>();
        foreach (var (_, fields) in DelimitedFile.Read(path, badLine))
        {
            var (name, year) = fields.Length > 3 ? (fields[1], ParseYear(fields[2])) : SplitYear(fields[1]);
            var genres = fields[^1].Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            titles.Add(new TitleMetadata
            {
                TitleId = fields[0],
                Name = name,
                ReleaseYear = year,
                Genres = genres is ["(no genres listed)"] ? [] : genres,
            });
        }

        return titles;
    }

    private static (string Name, int? Year) SplitYear(string title)
    {
        var trimmed = title.TrimEnd();
        return trimmed.Length > 6 && trimmed[^1] == ')' && trimmed[^6] == '(' && ParseYear(trimmed[^5..^1]) is { } year
            ? (trimmed[..^6].TrimEnd(), year)
            : (trimmed, null);
    }

    private static int? ParseYear(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var year) && year is > 1800 and < 3000 ? year : null;

    private static List<Row> ReadRatings(string path, List<TitleMetadata> titles, Dictionary<string, int> indexOf, Action<string, int, string> badLine)
    {
        var rows = new List<Row>();
        foreach (var (line, fields) in DelimitedFile.Read(path, badLine))
        {
            if (!(double.TryParse(fields[2], CultureInfo.InvariantCulture, out var rating) && rating >= 0 && rating <= RatingMapping.LargestOf(RatingScale.TenPoint)
                && long.TryParse(fields[3], CultureInfo.InvariantCulture, out var seconds)))
            {
                badLine(Path.GetFileName(path), line, $"a rating from 0 to 10 and a time in seconds expected, '{fields[2]}' and '{fields[3]}' found");
                continue;
            }

            if (!indexOf.TryGetValue(fields[1], out var title))
            {
                indexOf[fields[1]] = title = titles.Count;
                titles.Add(new TitleMetadata { TitleId = fields[1], Name = fields[1] });
            }

            rows.Add(new Row(fields[0], title, rating, seconds));
        }

        return rows;
    }

    private static void AddTags(string path, List<TitleMetadata> titles, Dictionary<string, int> indexOf, Action<string, int, string> badLine)
    {
        foreach (var group in DelimitedFile.Read(path, badLine).GroupBy(static row => row.Fields[1], static row => row.Fields[2]))
        {
            if (indexOf.TryGetValue(group.Key, out var title))
            {
                titles[title] = titles[title] with { Tags = [.. group.Select(static tag => tag.ToLowerInvariant()).Distinct()] };
            }
        }
    }

    private static string Find(string folder, string name) =>
        TryFind(folder, name) ?? throw new FileNotFoundException($"{folder} has no {name}.csv or {name}.tsv (or the same with .gz).");

    private static string? TryFind(string folder, string name)
    {
        foreach (var extension in (ReadOnlySpan<string>)[".csv", ".tsv", ".csv.gz", ".tsv.gz"])
        {
            var path = Path.Combine(folder, name + extension);
            if (File.Exists(path))
            {
                return path;
            }
        }

        return null;
    }

    private readonly record struct Row(string User, int Title, double Rating, long Seconds);
}
