using System.Globalization;
using System.IO.Compression;

namespace Marquee.Silo.Sample;

/// <summary>The embedded sample: MovieTweetings 2013 (Dooms, De Pessemier, Martens; MIT licence, shipped beside the data).</summary>
public static class MovieTweetingsSample
{
    /// <summary>The titles, in the file's order.</summary>
    public static IEnumerable<SampleTitle> ReadTitles() => ReadLines("movies.tsv.gz").Select(fields => new SampleTitle(
        fields[0],
        fields[1],
        int.TryParse(fields[2], NumberStyles.None, CultureInfo.InvariantCulture, out var year) ? year : null,
        fields[3].Split('|', StringSplitOptions.RemoveEmptyEntries)));

    /// <summary>The ratings, oldest first.</summary>
    public static IReadOnlyList<SampleRating> ReadRatings() => [.. ReadLines("ratings.tsv.gz")
        .Select(fields => new SampleRating(
            fields[0],
            fields[1],
            int.Parse(fields[2], CultureInfo.InvariantCulture),
            long.Parse(fields[3], CultureInfo.InvariantCulture)))
        .OrderBy(rating => rating.UnixTimeSeconds)];

    private static IEnumerable<string[]> ReadLines(string name)
    {
        var stream = typeof(MovieTweetingsSample).Assembly.GetManifestResourceStream($"sample/{name}")
            ?? throw new InvalidOperationException($"The sample {name} is not embedded in this build.");
        using var reader = new StreamReader(new GZipStream(stream, CompressionMode.Decompress));
        reader.ReadLine();
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('\t');
        }
    }
}

/// <summary>A title of the sample.</summary>
/// <param name="TitleId">IMDb's number.</param>
/// <param name="Name">The name.</param>
/// <param name="Year">The year of release, if known.</param>
/// <param name="Genres">Genres.</param>
public sealed record SampleTitle(string TitleId, string Name, int? Year, string[] Genres);

/// <summary>A rating of the sample.</summary>
/// <param name="UserId">The viewer's number.</param>
/// <param name="TitleId">The title.</param>
/// <param name="Rating">0 to 10.</param>
/// <param name="UnixTimeSeconds">When it was given.</param>
public readonly record struct SampleRating(string UserId, string TitleId, int Rating, long UnixTimeSeconds);
