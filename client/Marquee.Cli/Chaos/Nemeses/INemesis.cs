using Marquee.Cli.Chaos.Clusters;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>A fault that can be inflicted on a cluster and goes by.</summary>
internal interface INemesis
{
    /// <summary>Its name, as <c>--nemesis</c> takes it.</summary>
    string Name { get; }

    /// <summary>What the machine has to have for it, for people; empty when every machine does.</summary>
    string Needs => "";

    /// <summary>Whether it can be inflicted on this cluster.</summary>
    bool CanStrike(ChaosCluster cluster);

    /// <summary>Inflicts it, and completes when everything is healed again; also when it is cancelled.</summary>
    /// <returns>What was done, for people.</returns>
    Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled);
}
