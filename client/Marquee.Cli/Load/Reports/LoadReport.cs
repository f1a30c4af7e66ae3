using Marquee.Cli.Load.Measuring;
using Marquee.Cli.Load.Worlds;

namespace Marquee.Cli.Load.Reports;

/// <summary>What a load came to; the JSON document of <c>load --json</c>.</summary>
internal sealed record LoadReport
{
    /// <summary>The nodes that were asked, or the front door.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>The nodes whose use was counted.</summary>
    public required IReadOnlyList<Uri> MeasuredNodes { get; init; }

    /// <summary>Who asked for what.</summary>
    public required WorldFigures World { get; init; }

    /// <summary>Calls per second that were to be made.</summary>
    public required double OfferedPerSecond { get; init; }

    /// <summary>Calls at once, at most.</summary>
    public required int InFlightMax { get; init; }

    /// <summary>What became of the calls; null when it did not come to the load itself.</summary>
    public LoadFigures? Load { get; init; }

    /// <summary>What the nodes used during the load and until all of it was worked off; null when that is not known.</summary>
    public NodeUse? Use { get; init; }

    /// <summary>Whether the nodes worked off everything within ten seconds after the load.</summary>
    public bool IsSettled { get; init; }

    /// <summary>Processor time of the generator itself during the load.</summary>
    public double GeneratorCpuSeconds { get; init; }

    /// <summary>With --profile: what the nodes used at rest.</summary>
    public NodeUse? Idle { get; init; }

    /// <summary>With --profile: what a call of each kind costs.</summary>
    public IReadOnlyList<KindCost>? Profile { get; init; }

    /// <summary>Processor time that the calls of the load should have cost by the profile; null without one for each kind.</summary>
    public double? ProfiledCpuSeconds => Load is { } load && Profile is { } profile && load.Kinds.All(kind => profile.Any(cost => cost.Kind == kind.Kind))
        ? Math.Round(load.Kinds.Sum(kind => kind.Answered * profile.Single(cost => cost.Kind == kind.Kind).CpuMicroseconds) / 1e6, 3)
        : null;

    /// <summary>Reasons to doubt the figures.</summary>
    public IReadOnlyList<string> Doubts { get; init; } = [];

    /// <summary>What ended it early, if anything did.</summary>
    public FailureReport? Failure { get; init; }

    /// <summary>What the load amounts to for a script.</summary>
    public int ToExitCode() => Failure?.ToExitCode()
        ?? (Load is { } load && (load.NotSent > 0 || load.Answered < load.Kinds.Sum(kind => kind.Due) || load.Events.Rejected > 0) ? ExitCode.Findings : ExitCode.Success);
}

/// <summary>The world of a load.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Users">Users.</param>
/// <param name="Titles">Titles.</param>
/// <param name="TitlesOfNode">Whether the titles are the node's own.</param>
/// <param name="HotShare">Share of events that go to one title.</param>
/// <param name="Batch">Events per call of the kind batch.</param>
internal sealed record WorldFigures(int Seed, int Users, int Titles, bool TitlesOfNode, double HotShare, int Batch)
{
    public static WorldFigures Of(LoadSettings settings, SimulatedWorld world) =>
        new(settings.Seed, world.Users, world.Titles.Count, settings.UsesNodeTitles, settings.HotShare, settings.Batch);
}

/// <summary>The largest rate of one kind of call; the JSON document of <c>load --max --json</c>.</summary>
internal sealed record MaximumReport
{
    /// <summary>The nodes that were asked.</summary>
    public required IReadOnlyList<Uri> Nodes { get; init; }

    /// <summary>Who asked for what.</summary>
    public required WorldFigures World { get; init; }

    /// <summary>The kind of call.</summary>
    public required string Kind { get; init; }

    /// <summary>The bound of the 99th percentile.</summary>
    public required double P99MaxMilliseconds { get; init; }

    /// <summary>The largest rate that held; null when none did.</summary>
    public double? PerSecond { get; init; }

    /// <summary>What was tried, in order.</summary>
    public required IReadOnlyList<RateStep> Steps { get; init; }

    /// <summary>What ended the search early, if anything did.</summary>
    public FailureReport? Failure { get; init; }

    /// <summary>What the search amounts to for a script.</summary>
    public int ToExitCode() => Failure?.ToExitCode() ?? (PerSecond is null ? ExitCode.Findings : ExitCode.Success);
}
