using Marquee.Engine.Events;

namespace Marquee.Engine.Titles;

/// <summary>A title's engagement: in one partition, or summed over all. Immutable, so that it can be shared without copying.</summary>
public sealed record TitleSummary
{
    /// <summary>Length of <see cref="Counts"/>: one more than the largest number of an event type.</summary>
    public const int Types = (int)EngagementType.Unhide + 1;

    /// <summary>Made once: a summary whose counts are given would throw an array away.</summary>
    private static readonly long[] NoCounts = new long[Types];

    /// <summary>A title without events.</summary>
    public static readonly TitleSummary Empty = new();

    /// <summary>int64[<see cref="Types"/>]: events per type since the title exists. Never written to.</summary>
    public long[] Counts { get; init; } = NoCounts;

    /// <summary>All events since the title exists.</summary>
    public long EventCount { get; init; }

    /// <summary>How many times the title became a new positive of a viewer.</summary>
    public long Positives { get; init; }

    /// <summary>How many events were verdicts on the title, good or bad.</summary>
    public long Verdicts { get; init; }

    /// <summary>Decayed positives.</summary>
    public DecayedPopularity Popularity { get; init; }

    /// <summary>Decayed positives per country; in a sum ordered by code. Never written to.</summary>
    public KeyValuePair<string, DecayedPopularity>[] Countries { get; init; } = [];

    /// <summary>Event time of the first event, milliseconds since the Unix epoch; 0 when there was none.</summary>
    public long FirstEventAt { get; init; }

    /// <summary>Event time of the newest event, milliseconds since the Unix epoch; 0 when there was none.</summary>
    public long LastEventAt { get; init; }
}
