namespace Marquee.Gateway.Queries;

/// <summary>The parameters that several endpoints share.</summary>
internal static class SharedParameters
{
    public static CountryParameter Country { get; } = new("country", "Country of the viewer, two letters (ISO 3166-1 alpha-2).");

    public static PositionParameter After { get; } = new("after", "Position token of an acknowledgement: the answer reflects everything up to it. Without it, the same user's acknowledged events are reflected all the same.");

    public static FlagParameter Explain { get; } = new("explain", "Adds to each item the named parts that its score is the sum of.");

    public static FlagParameter Metadata { get; } = new("metadata", "Adds to each item its title's metadata.");

    public static FlagParameter Explore { get; } = new(
        "explore", "Whether a few of the top picks may be titles that hardly anyone has judged, as the node's option says; false: none.", Default: true);

    public static HistoryCursorParameter HistoryCursor { get; } = new("cursor", "The 'next' of the page before.");

    public static TextParameter Cursor { get; } = new("cursor", "The 'next' of the page before.", 512);

    public static IntegerParameter Count(int max) => new("count", "How many titles.", 1, max, 20);

    public static IntegerParameter Limit { get; } = new("limit", "How many entries per page.", 1, 1_000, 100);
}
