using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Faults;

namespace Marquee.Cli.Chaos.Nemeses;

/// <summary>The disk of the store's data has no room; needs a file system of its own for them.</summary>
internal sealed class DiskNemesis : INemesis
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    /// <summary>The store may give room back, as PostgreSQL does with its log: that is taken too.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    public string Name => "disk-full";

    public string Needs => "root, a loop device, mkfs.ext4, PostgreSQL";

    public bool CanStrike(ChaosCluster cluster) => cluster.StoreDisk is not null;

    public async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken cancelled)
    {
        var ballast = new Ballast(cluster.StoreDisk!.Data);
        try
        {
            for (var end = Environment.TickCount64 + (long)Duration.TotalMilliseconds; Environment.TickCount64 < end && !cancelled.IsCancellationRequested;)
            {
                ballast.Fill();
                await Nemesis.WaitAsync(Interval, cancelled);
            }
        }
        finally
        {
            ballast.Release();
        }

        return "the store";
    }
}
