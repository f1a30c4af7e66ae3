using Marquee.Contracts.Titles;

namespace Marquee.Gateway.Titles;

/// <summary>The words for the kinds of title.</summary>
internal static class TitleKindNames
{
    /// <summary>Completes "the kind …".</summary>
    public const string Rule = "must be one of film, series, season, episode";

    /// <summary>Index = the kind's number.</summary>
    public static readonly string[] All = ["film", "series", "season", "episode"];

    public static string Of(TitleKind kind) => All[(int)kind];

    public static TitleKind? Parse(string? word) => Array.IndexOf(All, word) is >= 0 and var index ? (TitleKind)index : null;
}
