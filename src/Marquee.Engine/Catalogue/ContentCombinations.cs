namespace Marquee.Engine.Catalogue;

/// <summary>What metadata says beyond its single values, for models that are linear in them: pairs of genres, genres of a time, the shape of the name, words of the description.</summary>
/// <remarks>Hashed like <see cref="ContentFeatures"/>, into buckets of their own.</remarks>
public static class ContentCombinations
{
    private const int MostWords = 100;
    private const int YearsTogether = 3;

    private static readonly HashSet<string> RomanNumerals = new(StringComparer.OrdinalIgnoreCase) { "II", "III", "IV", "V", "VI", "VII", "VIII", "IX" };

    /// <summary>The buckets of a title, below <see cref="ContentFeatures.Buckets"/>; none twice.</summary>
    /// <param name="title">The metadata.</param>
    /// <param name="yearSlot">See <see cref="TitleEntry.YearSlot"/>.</param>
    public static IEnumerable<int> Of(TitleMetadata title, int yearSlot) =>
        Genres(title, yearSlot).Concat(Name(title)).Concat(Description(title)).Distinct();

    private static IEnumerable<int> Genres(TitleMetadata title, int yearSlot)
    {
        var genres = title.Genres;
        yield return ContentFeatures.Bucket("genres", Math.Min(genres.Count, 4).ToString(System.Globalization.CultureInfo.InvariantCulture));
        for (var i = 0; i < genres.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (first, second) = string.CompareOrdinal(genres[i], genres[j]) < 0 ? (genres[i], genres[j]) : (genres[j], genres[i]);
                yield return ContentFeatures.Bucket("genres", $"{first}\u001f{second}");
            }

            if (yearSlot >= 0)
            {
                yield return ContentFeatures.Bucket("genre.year", $"{genres[i]}\u001f{yearSlot}");
                yield return ContentFeatures.Bucket("genre.years", $"{genres[i]}\u001f{yearSlot / YearsTogether}");
            }
        }

        if (title.RuntimeSeconds is { } runtime)
        {
            yield return ContentFeatures.Bucket("runtime", $"{(int)Math.Log2(1 + (runtime / 300))}");
        }

        if (title.Exclusive)
        {
            yield return ContentFeatures.Bucket("exclusive", "");
        }
    }

    private static IEnumerable<int> Name(TitleMetadata title)
    {
        var words = title.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        yield return ContentFeatures.Bucket("name.words", $"{Math.Min(words.Length, 7)}");
        var end = Array.FindIndex(words, static word => word.EndsWith(':') || char.IsAsciiDigit(word[0]) || RomanNumerals.Contains(word.TrimEnd(':')));
        if (end > 0)
        {
            // A sequel or a part of a franchise: what stands before the number or the colon is its name.
            yield return ContentFeatures.Bucket("name.part", char.IsAsciiDigit(words[end][0]) || RomanNumerals.Contains(words[end].TrimEnd(':')) ? "number" : "colon");
            yield return ContentFeatures.Bucket("name.stem", string.Join(' ', words.Take(words[end].EndsWith(':') && !RomanNumerals.Contains(words[end].TrimEnd(':')) && !char.IsAsciiDigit(words[end][0]) ? end + 1 : end)).TrimEnd(':'));
        }
        else
        {
            yield return ContentFeatures.Bucket("name.stem", title.Name);
        }

        if (!System.Text.Ascii.IsValid(title.Name))
        {
            yield return ContentFeatures.Bucket("name.letters", "other");
        }
    }

    private static IEnumerable<int> Description(TitleMetadata title) =>
        (title.Description ?? "").Split([' ', '\n', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(static word => word.Trim(',', '.', ':', ';', '!', '?', '(', ')', '"', '\''))
            .Where(static word => word.Length > 3)
            .Take(MostWords)
            .Select(static word => ContentFeatures.Bucket("description", word));
}
