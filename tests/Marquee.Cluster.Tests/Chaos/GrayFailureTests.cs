using System.Diagnostics;
using System.Globalization;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Clusters;
using Marquee.Cluster.Tests.Clusters;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Chaos;

/// <summary>A fault that the cluster's own probes leave as it is, with real silos on real networks. Needs root, ip and nft.</summary>
public sealed class GrayFailureTests(ITestOutputHelper output)
{
    /// <summary>What the product promises; how long it takes on a machine of its own is a third of it.</summary>
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task InboundCut_TheSiloIsDeclaredDeadWithinAMinuteAndBothSidesLogWhy()
    {
        await using (var network = await SiloNetwork.TryCreateAsync(1))
        {
            if (network is null || !SiloNetwork.CanFilter)
            {
                Assert.Skip($"No network can be broken here: that needs {SiloNetwork.Needs}, and nft.");
            }
        }

        using var parent = new ReachableFolder();
        var folder = new ClusterFolder(Path.Combine(parent.Path, "run"));
        using var held = folder.Make();
        await using var cluster = await ChaosCluster.StartAsync(folder, 3, "postgres", Repository.SiloAssembly, Cancelled);

        // Silos use a connection both ways: the one that the others have opened most to is the one that they no longer reach.
        var cut = cluster.Silos.MaxBy(silo => SiloNetwork.CountInbound(silo.Process.Id, ChaosCluster.SiloPort))!;
        Assert.InRange(SiloNetwork.CountInbound(cut.Process.Id, ChaosCluster.SiloPort), 1, int.MaxValue);
        var process = cut.Process;
        var address = string.Create(CultureInfo.InvariantCulture, $"S{cluster.Network!.AddressOf(cut.Number)}:{ChaosCluster.SiloPort}:");
        var clock = Stopwatch.StartNew();
        await cluster.Network.CutInboundAsync(cut.Number, ChaosCluster.SiloPort);
        while (process.IsAlive && clock.Elapsed < Promised)
        {
            await Task.Delay(100, Cancelled);
        }

        output.WriteLine($"After {clock.Elapsed.TotalSeconds:0.0} s.");
        var others = string.Concat(cluster.Silos.Where(silo => silo != cut).Select(Printed));
        Assert.False(process.IsAlive, $"The silo that nobody reaches lives on. The others say:\n{others}");
        Assert.Contains(others.Split('\n'), line => line.Contains(address, StringComparison.Ordinal) && line.Contains("it is declared dead, so that its share runs", StringComparison.Ordinal));
        Assert.Contains("Declared dead by S", Printed(cut), StringComparison.Ordinal);
    }

    private static string Printed(ChaosSilo silo)
    {
        using var reader = new StreamReader(new FileStream(silo.Log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }
}
