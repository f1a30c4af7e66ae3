using System.Globalization;
using Marquee.Cli.Chaos.Clusters;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>The wall clock of one silo jumps an hour forward or back, and later to the right time; needs a C compiler.</summary>
internal sealed class ClockNemesis : INemesis
{
    private static readonly TimeSpan Jump = TimeSpan.FromHours(1);

    /// <summary>Silos give a sign of life with the time every 30 s: at least one is of the wrong time.</summary>
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(35);

    public string Name => "clock";

    public bool CanStrike(ChaosCluster cluster) => cluster.HasClocks;

    public async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled)
    {
        var silo = cluster.Silos[random.Next(cluster.Silos.Count)];
        var isForward = random.Next(2) == 0;
        cluster.SetClock(silo, isForward ? Jump : -Jump);
        await Nemesis.WaitAsync(Duration, cancelled);
        cluster.SetClock(silo, TimeSpan.Zero);
        return string.Create(CultureInfo.InvariantCulture, $"silo {silo.Number}, {(isForward ? "forward" : "back")}");
    }
}
