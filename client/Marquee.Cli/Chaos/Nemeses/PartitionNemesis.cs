using System.Globalization;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Faults;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>Cuts a silo off from all its peers, or from one; from the store too, or not. Clients reach all of them.</summary>
/// <remarks>Silos call each other directly, past any proxy: without namespaces they can be cut off from the store alone, which is <c>store-cut</c>.</remarks>
internal sealed class PartitionNemesis(string name, TimeSpan duration, bool isPair = false, bool cutsStore = false) : INemesis
{
    public string Name => name;

    public string Needs => SiloNetwork.Needs;

    public bool CanStrike(ChaosCluster cluster) => cluster.Network is not null && cluster.Silos.Count > 1;

    public async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled)
    {
        var network = cluster.Network!;
        ChaosSilo[] silos = [.. cluster.Silos];
        random.Shuffle(silos);
        var silo = silos[0];
        int[] peers = [.. silos.Skip(1).Take(isPair ? 1 : silos.Length).Select(peer => peer.Number)];
        silo.SetStoreFault(cutsStore ? LinkFault.Drop : LinkFault.None);
        foreach (var peer in peers)
        {
            await network.CutAsync(silo.Number, peer);
            await network.CutAsync(peer, silo.Number);
        }

        await Nemesis.WaitAsync(duration, cancelled);
        foreach (var peer in peers)
        {
            await network.HealAsync(silo.Number, peer);
            await network.HealAsync(peer, silo.Number);
        }

        silo.SetStoreFault(LinkFault.None);
        return string.Create(CultureInfo.InvariantCulture, $"silo {silo.Number} from {string.Join(" and ", peers)}{(cutsStore ? " and the store" : "")}");
    }
}
