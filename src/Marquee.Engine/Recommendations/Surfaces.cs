namespace Marquee.Engine.Recommendations;

/// <summary>Names of the placements.</summary>
public static class Surfaces
{
    /// <summary>The viewer's best titles.</summary>
    public const string TopPicks = "top-picks";

    /// <summary>Titles that go with one that the viewer liked.</summary>
    public const string BecauseYouWatched = "because-you-watched";

    /// <summary>What is watched now.</summary>
    public const string Trending = "trending";

    /// <summary>New titles, the viewer's best first.</summary>
    public const string New = "new";

    /// <summary>Titles begun and not finished.</summary>
    public const string ContinueWatching = "continue-watching";

    /// <summary>The next episode of each series that the viewer follows.</summary>
    public const string WatchNext = "watch-next";

    /// <summary>The viewer's list.</summary>
    public const string MyList = "my-list";

    /// <summary>Before a genre's name: the viewer's best titles of that genre.</summary>
    public const string GenrePrefix = "genre:";

    /// <summary>The genre that a surface names; null when it is none of a genre.</summary>
    public static string? GenreOf(string surface) =>
        surface.StartsWith(GenrePrefix, StringComparison.Ordinal) ? surface[GenrePrefix.Length..] : null;

    /// <summary>Whether there is such a surface.</summary>
    public static bool IsKnown(string surface) =>
        surface is TopPicks or BecauseYouWatched or Trending or New or ContinueWatching or WatchNext or MyList
        || GenreOf(surface) is { Length: > 0 };
}
