namespace Marquee.Gateway.Recommendations;

/// <summary>The placements that can be asked for.</summary>
internal static class Surface
{
    public const string TopPicks = "top-picks";

    public const string Trending = "trending";

    /// <summary>Completes "the surface …".</summary>
    public const string Rule = "must be top-picks, because-you-watched, trending, new, continue-watching, watch-next, my-list or genre:{name}";

    private const string GenrePrefix = "genre:";
    private const int GenreLengthMax = 100;

    /// <summary>The surfaces without a name of their own inside.</summary>
    public static readonly string[] Fixed = [TopPicks, "because-you-watched", Trending, "new", "continue-watching", "watch-next", "my-list"];

    public static bool IsValid(string surface) =>
        Array.IndexOf(Fixed, surface) >= 0
        || (surface.StartsWith(GenrePrefix, StringComparison.Ordinal)
            && surface.Length - GenrePrefix.Length is >= 1 and <= GenreLengthMax
            && !surface.Contains('\0', StringComparison.Ordinal));

    /// <summary>Whether popular titles are a plainer answer for the surface; what a viewer began, follows or listed has none.</summary>
    public static bool CanBePopular(string surface) => surface is not ("continue-watching" or "watch-next" or "my-list");
}
