namespace Marquee.Gateway;

/// <summary>Two letters (ISO 3166-1 alpha-2), kept in upper case.</summary>
internal static class CountryCode
{
    /// <summary>Completes "the country …".</summary>
    public const string Rule = "must be two letters (ISO 3166-1 alpha-2), like US";

    private static readonly string[] All = [.. Enumerable.Range(0, 26 * 26).Select(pair => $"{(char)('A' + (pair / 26))}{(char)('A' + (pair % 26))}")];

    /// <summary>The code in upper case, or null when it is not two letters. Allocates nothing.</summary>
    public static string? Parse(ReadOnlySpan<byte> text) => text.Length == 2 ? Of(text[0], text[1]) : null;

    /// <inheritdoc cref="Parse(ReadOnlySpan{byte})"/>
    public static string? Parse(string? text) => text is { Length: 2 } ? Of(text[0], text[1]) : null;

    private static string? Of(int first, int second)
    {
        var high = (first | 0x20) - 'a';
        var low = (second | 0x20) - 'a';
        return high is >= 0 and < 26 && low is >= 0 and < 26 ? All[(high * 26) + low] : null;
    }
}
