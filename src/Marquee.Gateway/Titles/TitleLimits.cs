namespace Marquee.Gateway.Titles;

/// <summary>Bounds of a title's metadata, part of the public contract.</summary>
internal static class TitleLimits
{
    public const int NameLength = 500;
    public const int DescriptionLength = 10_000;
    public const int OwnerLength = 200;
    public const int MaturityLength = 32;
    public const int LanguageLength = 35;

    /// <summary>Characters of a genre, a tag, a person.</summary>
    public const int WordLength = 200;

    /// <summary>Entries of a list.</summary>
    public const int ListLength = 200;

    public const int YearMin = 1800;
    public const int YearMax = 2200;

    /// <summary>A season's or episode's number.</summary>
    public const int NumberMax = 100_000;

    /// <summary>Ten days.</summary>
    public const int RuntimeSecondsMax = 864_000;

    /// <summary>The end of 2199, milliseconds since the Unix epoch: the latest bound of an availability window.</summary>
    public static readonly long InstantMax = new DateTimeOffset(YearMax, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds() - 1;
}
