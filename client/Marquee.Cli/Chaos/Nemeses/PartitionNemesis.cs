using System.Globalization;
using Marquee.Cli.Chaos.Clusters;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>Cuts a silo off from all its peers, or from one; all of them reach the store, and clients reach all of them.</summary>
internal sealed class PartitionNemesis(string name, bool isPair) : INemesis
{
    /// <summary>A pair is left to the silos' own watch, which takes half a minute.</summary>
    private TimeSpan Duration => TimeSpan.FromSeconds(isPair ? 60 : 20);

    public string Name => name;

    public bool CanStrike(ChaosCluster cluster) => cluster.Network is not null && cluster.Silos.Count > 1;

    public async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled)
    {
        var network = cluster.Network!;
        int[] numbers = [.. cluster.Silos.Select(silo => silo.Number)];
        random.Shuffle(numbers);
        int[] peers = [.. numbers.Skip(1).Take(isPair ? 1 : numbers.Length)];
        foreach (var peer in peers)
        {
            await network.CutAsync(numbers[0], peer);
            await network.CutAsync(peer, numbers[0]);
        }

        await Nemesis.WaitAsync(Duration, cancelled);
        foreach (var peer in peers)
        {
            await network.HealAsync(numbers[0], peer);
            await network.HealAsync(peer, numbers[0]);
        }

        return string.Create(CultureInfo.InvariantCulture, $"silo {numbers[0]} from {string.Join(" and ", peers)}");
    }
}
