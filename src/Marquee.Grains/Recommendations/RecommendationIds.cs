namespace Marquee.Grains.Recommendations;

/// <summary>Ids of slates: they name the surface and the model, so that an event that echoes one tells what led to it.</summary>
internal static class RecommendationIds
{
    private const int MostSurfaceLetters = 40;
    private const int MostModelLetters = 40;

    /// <summary>A new id of the form <c>{surface}~{model}~{unique}</c>; at most 128 characters that are safe in ids.</summary>
    public static string New(string surface, string modelVersion) =>
        string.Concat(Safe(surface, MostSurfaceLetters), "~", Safe(modelVersion, MostModelLetters) + "~", Guid.CreateVersion7().ToString("N"));

    private static string Safe(string text, int most) => string.Create(Math.Min(text.Length, most), text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsAsciiLetterOrDigit(source[i]) || source[i] is '.' or '-' or '_' ? source[i] : '-';
        }
    });
}
