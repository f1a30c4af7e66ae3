using System.Globalization;
using Marquee.Cli.Chaos.Clusters;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>Lets nothing in at the port where a silo listens for others; what it opened itself lives on, and clients and the store are reached.</summary>
/// <param name="name">Its name.</param>
/// <param name="isRefused">True: others are told at once that nothing listens there, as of a process that has ended. False: they are told nothing.</param>
internal sealed class InboundNemesis(string name, bool isRefused) : INemesis
{
    /// <summary>Left to the silos' own watch, which takes up to a minute.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(75);

    public string Name => name;

    public string Needs => $"{SiloNetwork.Needs}, nft";

    public bool CanStrike(ChaosCluster cluster) => cluster.Network is not null && SiloNetwork.CanFilter && cluster.Silos.Count > 1;

    public async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled)
    {
        // Silos use a connection both ways, whoever opened it: one to which nobody has opened any is reached all the same.
        ChaosSilo[] reached = [.. cluster.Silos.Where(silo => SiloNetwork.CountInbound(silo.Process.Id, ChaosCluster.SiloPort) > 0)];
        var silo = random.GetItems(reached.Length > 0 ? reached : [.. cluster.Silos], 1)[0].Number;
        await cluster.Network!.CutInboundAsync(silo, ChaosCluster.SiloPort, isRefused);
        await Nemesis.WaitAsync(Duration, cancelled);
        await cluster.Network.HealInboundAsync(silo);
        return string.Create(CultureInfo.InvariantCulture, $"silo {silo}");
    }
}
