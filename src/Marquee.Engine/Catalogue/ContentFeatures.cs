using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Marquee.Engine.Catalogue;

/// <summary>Metadata as a sparse vector: each genre, tag, person and so on is one of <see cref="Buckets"/> hashed dimensions.</summary>
/// <remarks>The hashing trick (Weinberger et al. 2009): no vocabulary to keep in step between nodes and models. Stable: models store weights by bucket.</remarks>
public static class ContentFeatures
{
    /// <summary>Length of the hashed vector; a power of two.</summary>
    public const int Buckets = 1 << 15;

    /// <summary>The most features of one title; the rest is left out.</summary>
    public const int MostFeatures = 64;

    /// <summary>The genres' buckets, ascending, each once.</summary>
    public static int[] GenresOf(TitleMetadata title) => Distinct(title.Genres.Select(static genre => Bucket("genre", genre)));

    /// <summary>The buckets of everything but the genres, ascending, each once.</summary>
    public static int[] DetailsOf(TitleMetadata title) => Distinct(Details(title));

    /// <summary>The bucket of one value of one field; case does not matter.</summary>
    public static int Bucket(string field, string value)
    {
        var text = string.Concat(field, "\u001f", value.ToLowerInvariant());
        return (int)(XxHash64.HashToUInt64(MemoryMarshal.AsBytes(text.AsSpan())) & (Buckets - 1));
    }

    private static IEnumerable<int> Details(TitleMetadata title)
    {
        foreach (var tag in title.Tags)
        {
            yield return Bucket("tag", tag);
        }

        foreach (var person in title.People)
        {
            yield return Bucket("person", person);
        }

        foreach (var language in title.Languages)
        {
            yield return Bucket("language", language);
        }

        foreach (var country in title.Countries)
        {
            yield return Bucket("country", country);
        }

        if (title.Owner is { } owner)
        {
            yield return Bucket("owner", owner);
        }

        if (title.Maturity is { } maturity)
        {
            yield return Bucket("maturity", maturity);
        }

        if (title.SeriesId is { } series)
        {
            yield return Bucket("series", series);
        }

        if (title.Kind != TitleKind.Film)
        {
            yield return Bucket("kind", title.Kind.ToString());
        }

        foreach (var word in title.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var trimmed = word.Trim(',', '.', ':', '!', '?', '(', ')', '"', '\'');
            if (trimmed.Length > 3)
            {
                yield return Bucket("word", trimmed);
            }
        }
    }

    private static int[] Distinct(IEnumerable<int> buckets) => [.. buckets.Distinct().Take(MostFeatures).Order()];
}
