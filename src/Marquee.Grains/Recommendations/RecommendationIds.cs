namespace Marquee.Grains.Recommendations;

/// <summary>Ids of slates: they name the surface and the model, so that an event that echoes one tells what led to it.</summary>
internal static class RecommendationIds
{
    private const int MostSurfaceLetters = 40;
    private const int MostModelLetters = 40;
    private const int UniqueLetters = 32;

    /// <summary>A new id of the form <c>{surface}~{model}~{unique}</c>; at most 128 characters that are safe in ids.</summary>
    public static string New(string surface, string modelVersion) =>
        string.Create(
            Math.Min(surface.Length, MostSurfaceLetters) + Math.Min(modelVersion.Length, MostModelLetters) + UniqueLetters + 2,
            (surface, modelVersion),
            static (letters, from) =>
            {
                letters = Safe(from.surface, MostSurfaceLetters, letters);
                letters = Safe(from.modelVersion, MostModelLetters, letters);
                Guid.CreateVersion7().TryFormat(letters, out _, "N");
            });

    /// <summary>Writes the part that a text is, and what follows it; returns the letters behind.</summary>
    private static Span<char> Safe(string text, int most, Span<char> letters)
    {
        var length = Math.Min(text.Length, most);
        for (var i = 0; i < length; i++)
        {
            letters[i] = char.IsAsciiLetterOrDigit(text[i]) || text[i] is '.' or '-' or '_' ? text[i] : '-';
        }

        letters[length] = '~';
        return letters[(length + 1)..];
    }
}
