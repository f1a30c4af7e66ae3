using System.Globalization;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Faults;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>The faults that there are. A new one is one more line in <see cref="All"/>.</summary>
internal static class Nemesis
{
    private static readonly TimeSpan DownTime = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(1);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<INemesis> All { get; } =
    [
        OnOne("kill", (_, silo, cancelled) => KillAsync(silo, cancelled)),
        OnOne("terminate", TerminateAsync),
        Freeze(1),
        Freeze(8),
        Freeze(40),
        OnOne("store-cut", (_, silo, cancelled) => StoreFaultAsync([silo], LinkFault.Drop, TimeSpan.FromSeconds(30), cancelled)),
        OnOne("store-half-open", (_, silo, cancelled) => StoreFaultAsync([silo], LinkFault.HalfOpen, TimeSpan.FromSeconds(8), cancelled)),
        OnAll("store-slow", (cluster, cancelled) => StoreFaultAsync(cluster.Silos, LinkFault.Latency(TimeSpan.FromSeconds(2)), TimeSpan.FromSeconds(10), cancelled)),
        OnAll("store-narrow", (cluster, cancelled) => StoreFaultAsync(cluster.Silos, LinkFault.Slow(32 * 1024), TimeSpan.FromSeconds(10), cancelled)),
        OnAll("store-down", (cluster, cancelled) => StoreFaultAsync(cluster.Silos, LinkFault.Reset, TimeSpan.FromSeconds(20), cancelled)),
        new PartitionNemesis("peers-cut", TimeSpan.FromSeconds(20)),

        // A pair is left to the silos' own watch, which takes half a minute.
        new PartitionNemesis("pair-cut", TimeSpan.FromSeconds(60), isPair: true),
        new PartitionNemesis("isolated", TimeSpan.FromSeconds(30), cutsStore: true),
        new InboundNemesis("inbound-cut", isRefused: false),
        new InboundNemesis("inbound-reset", isRefused: true),
        new DiskNemesis(),
        new ClockNemesis(),
        OnAll("kill-all", KillAllAsync),
    ];

    /// <summary>Faults, and behind each what the machine would have to have for it.</summary>
    /// <param name="names">Their names.</param>
    public static string WithNeeds(IEnumerable<string> names) =>
        string.Join(", ", names.Select(name => All.FirstOrDefault(nemesis => nemesis.Name == name) is { Needs: { Length: > 0 } needs } ? $"{name} (needs {needs})" : name));

    private static SimpleNemesis Freeze(int seconds) => OnOne(string.Create(CultureInfo.InvariantCulture, $"freeze-{seconds}s"), async (_, silo, cancelled) =>
    {
        silo.Process.Send(Signal.Stop);
        var frozen = silo.Process;
        await WaitAsync(TimeSpan.FromSeconds(seconds), cancelled);
        frozen.Send(Signal.Continue);
    });

    private static Task KillAsync(ChaosSilo silo, CancellationToken cancelled)
    {
        silo.Kill(DownTime);
        return WaitAsync(DownTime, cancelled);
    }

    /// <summary>Lasts until the silo that was started in its place is ready.</summary>
    private static async Task TerminateAsync(ChaosCluster cluster, ChaosSilo silo, CancellationToken cancelled)
    {
        var ending = silo.Process;
        ending.Send(Signal.Terminate);
        for (var end = Environment.TickCount64 + (long)LongestStop.TotalMilliseconds; ending.IsAlive && Environment.TickCount64 < end && !cancelled.IsCancellationRequested;)
        {
            await WaitAsync(TimeSpan.FromMilliseconds(100), cancelled);
        }

        await cluster.UntilReadyAsync(LongestStart, cancelled);
    }

    private static Task KillAllAsync(ChaosCluster cluster, CancellationToken cancelled)
    {
        foreach (var silo in cluster.Silos)
        {
            silo.Kill(TimeSpan.Zero);
        }

        return cluster.UntilReadyAsync(LongestStart, cancelled);
    }

    private static async Task StoreFaultAsync(IReadOnlyList<ChaosSilo> silos, LinkFault fault, TimeSpan duration, CancellationToken cancelled)
    {
        foreach (var silo in silos)
        {
            silo.SetStoreFault(fault);
        }

        await WaitAsync(duration, cancelled);
        foreach (var silo in silos)
        {
            silo.SetStoreFault(LinkFault.None);
        }
    }

    /// <summary>What is inflicted is healed in any case.</summary>
    internal static async Task WaitAsync(TimeSpan duration, CancellationToken cancelled) =>
        await Task.Delay(duration, cancelled).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static SimpleNemesis OnOne(string name, Func<ChaosCluster, ChaosSilo, CancellationToken, Task> strike) => new(name, async (cluster, random, cancelled) =>
    {
        var silo = cluster.Silos[random.Next(cluster.Silos.Count)];
        await strike(cluster, silo, cancelled);
        return string.Create(CultureInfo.InvariantCulture, $"silo {silo.Number}");
    });

    private static SimpleNemesis OnAll(string name, Func<ChaosCluster, CancellationToken, Task> strike) => new(name, async (cluster, _, cancelled) =>
    {
        await strike(cluster, cancelled);
        return "all silos";
    });

    /// <summary>A fault that every cluster can suffer.</summary>
    private sealed class SimpleNemesis(string name, Func<ChaosCluster, Random, CancellationToken, Task<string>> strike) : INemesis
    {
        public string Name => name;

        public bool CanStrike(ChaosCluster cluster) => true;

        public Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled) => strike(cluster, random, cancelled);
    }
}
