using Marquee.Engine.Events;

namespace Marquee.Grains;

/// <summary>What the grains of a node need to know.</summary>
public sealed record MarqueeOptions
{
    /// <summary>The tenant of this node; scopes every key. Letters, digits, <c>._~-</c>. Default <c>default</c>.</summary>
    public string Tenant { get; set; } = "default";

    /// <summary>How many event partitions the store has; fixed at its first start. Default 64.</summary>
    public int PartitionCount { get; set; } = 64;

    /// <summary>Share of the slots of top picks that go to titles of which little is known, 0 (none) to 0.2. Default 0.05: one of twenty.</summary>
    public double ExploreShare { get; set; } = 0.05;

    /// <summary>Whether grains on other silos outlive this one: a partition that moves here then tells the viewers of its tail what they may have missed.</summary>
    public bool IsClustered { get; set; }

    /// <summary>How many titles may be known by their events only, before events of further ones are refused. Default 100,000; each takes about a kilobyte on every node.</summary>
    public int MostUnknownTitles { get; set; } = 100_000;

    /// <summary>How many calls may be in work or wait at one grain before one more is refused. Default 10,000: seconds of work of the busiest grain, and a few megabytes.</summary>
    public int MostWaitingCalls { get; set; } = 10_000;

    /// <summary>How many events may wait in one partition before it answers "busy". Default 16,384.</summary>
    public int MostWaitingEvents { get; set; } = 16_384;

    /// <summary>How many events go into one flush of a partition at most. Default 4,096.</summary>
    public int MostEventsPerFlush { get; set; } = 4_096;

    /// <summary>How long an acknowledgement waits for the viewers' grains to take their events over. Default one second.</summary>
    public TimeSpan DeliveryBudget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a viewer's answer waits for its partition before it is given from what is known, and says so. Default one second.</summary>
    public TimeSpan CatchUpBudget { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a partition looks for titles that changed; while some do, it hands them over with each beat of the silo. Default 100 ms.</summary>
    public TimeSpan TitleInterval { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A partition takes a checkpoint when its tail has this many events. Default 32,768; bounds the replay after a crash.</summary>
    public int CheckpointEvents { get; set; } = 32_768;

    /// <summary>A partition with a tail takes a checkpoint after this time at the latest. Default ten minutes.</summary>
    public TimeSpan CheckpointInterval { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often the catalogue's rows are written to the store at most when they changed. Default one minute; a large catalogue is written less often, ten minutes apart at the longest, so that it takes a hundredth of the time.</summary>
    public TimeSpan CatalogueSnapshotInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many neighbours of a title reach the ranking, by transitions and by co-watches each. Default 100.</summary>
    public int NeighboursPerRow { get; set; } = 100;

    /// <summary>Bounds of the partitions' folds.</summary>
    public PartitionStateOptions Partitions { get; set; } = new();
}
