using Marquee.Cli.Load.Traffic;

namespace Marquee.Cli.Load;

/// <summary>What a load is to be; each field is an option of the command.</summary>
internal sealed record LoadSettings
{
    /// <summary>Where calls go in turn: the nodes, at least one, or a front door.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>The nodes whose use counts.</summary>
    public required IReadOnlyList<Uri> MeasuredNodes { get; init; }

    /// <summary>Decides the world and the order of traffic.</summary>
    public required int Seed { get; init; }

    /// <summary>Simulated users.</summary>
    public required int Users { get; init; }

    /// <summary>Simulated titles.</summary>
    public required int Titles { get; init; }

    /// <summary>Use the titles that the node has, instead.</summary>
    public required bool UsesNodeTitles { get; init; }

    /// <summary>The node has the world's titles and past already.</summary>
    public required bool IsPublished { get; init; }

    /// <summary>Events per user before the load.</summary>
    public required double PastPerUser { get; init; }

    /// <summary>Calls per second by kind.</summary>
    public required TrafficPlan Plan { get; init; }

    /// <summary>Events per call of the kind batch.</summary>
    public required int Batch { get; init; }

    /// <summary>Share of events that go to one title, 0 to 1.</summary>
    public required double HotShare { get; init; }

    /// <summary>How long the load goes on.</summary>
    public required LoadExtent Extent { get; init; }

    /// <summary>Load before the measurement.</summary>
    public required TimeSpan WarmUp { get; init; }

    /// <summary>Calls at once.</summary>
    public required int InFlightMax { get; init; }

    /// <summary>A call that takes longer is lost.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How long each kind is measured alone; zero: not at all.</summary>
    public required TimeSpan Profile { get; init; }

    /// <summary>The kind whose maximal rate is looked for; null: none.</summary>
    public required TrafficKind? Maximum { get; init; }

    /// <summary>The bound of the 99th percentile there.</summary>
    public required TimeSpan P99Max { get; init; }
}
