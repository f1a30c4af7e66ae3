using Marquee.Cluster.Tests.Client;
using Marquee.Cluster.Tests.Clusters;

namespace Marquee.Cluster.Tests.Chaos;

/// <summary>The short form of <c>marquee chaos</c>: three silos, a store behind fault proxies, a few faults under load, no promise broken.</summary>
public sealed class ChaosCommandTests(ITestOutputHelper output)
{
    private const string Seed = "20260";

    [Fact]
    public async Task Chaos_AFewFaultsUnderLoad_BreaksNoPromise()
    {
        using var parent = new ReachableFolder { IsKept = true };
        var folder = Path.Combine(parent.Path, "run");
        try
        {
            var run = await MarqueeProcess.Run(
                "chaos", "--seed", Seed, "--faults", "2", "--folder", folder, "--json", "--nemesis", "freeze-8s", "store-cut");
            output.WriteLine(run.Output);
            Assert.True(run.ExitCode == 0, $"{run}\nThe history and the logs are kept in {folder}.");
            Assert.Empty(run.Document["violations"]!.AsArray());
            Assert.Equal(2, run.Document["injections"]!.AsArray().Count);
            Assert.True((int)run.Document["acknowledgedEvents"]! > 500, "Too little was acknowledged for the run to mean anything.");
            Assert.Equal((int)run.Document["calls"]!, (int)run.Document["ok"]! + (int)run.Document["fail"]! + (int)run.Document["unknown"]!);
            parent.IsKept = false;
        }
        finally
        {
            // Ends what a run that was itself cut off leaves behind.
            await MarqueeProcess.Run("cluster", "stop", "--folder", folder);
        }
    }
}
