namespace Marquee.Cli.Load.Traffic;

/// <summary>A kind of call.</summary>
internal enum TrafficKind
{
    /// <summary>Events of many users in one call.</summary>
    Batch,

    /// <summary>One event in a call.</summary>
    Event,

    /// <summary>A user's recommendations.</summary>
    Recommend,

    /// <summary>A user's home page.</summary>
    Home,

    /// <summary>Titles like a title.</summary>
    Similar,

    /// <summary>What is trending.</summary>
    Trending,
}

/// <summary>The kinds and their names on the command line.</summary>
internal static class TrafficKinds
{
    /// <summary>All kinds, in the order of tables.</summary>
    public static readonly TrafficKind[] All = Enum.GetValues<TrafficKind>();

    /// <summary>Their names, in the same order.</summary>
    public static readonly string[] Names = [.. All.Select(NameOf)];

    /// <summary>The kind's name.</summary>
    public static string NameOf(TrafficKind kind) => kind.ToString().ToLowerInvariant();

    /// <summary>The kind of a name; null when there is none.</summary>
    public static TrafficKind? Find(string name) => Array.IndexOf(Names, name) is >= 0 and var index ? All[index] : null;
}
