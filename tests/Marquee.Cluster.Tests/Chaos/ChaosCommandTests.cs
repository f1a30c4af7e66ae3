using System.Text.Json.Nodes;
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
        var report = await RunAsync("--nemesis", "freeze-8s", "store-cut", "kill", "terminate", "--faults", "4");
        Assert.Equal(4, report["injections"]!.AsArray().Count);
        Assert.True((int)report["acknowledgedEvents"]! > 500, "Too little was acknowledged for the run to mean anything.");
        var terminate = Assert.Single(report["nemeses"]!.AsArray(), nemesis => (string?)nemesis!["nemesis"] == "terminate");
        Assert.Equal(100, (double)terminate!["acknowledgedPercent"]!);
    }

    [Fact]
    public async Task Chaos_ASiloIsKilledOnAzure_BreaksNoPromise()
    {
        var report = await RunAsync("--storage", "azure", "--nemesis", "kill", "--faults", "1");
        Assert.Equal("kill", (string?)Assert.Single(report["injections"]!.AsArray())!["nemesis"]);
        Assert.True((int)report["acknowledgedEvents"]! > 100, "Too little was acknowledged for the run to mean anything.");
    }

    private async Task<JsonNode> RunAsync(params string[] arguments)
    {
        using var parent = new ReachableFolder { IsKept = true };
        var folder = Path.Combine(parent.Path, "run");
        try
        {
            var run = await MarqueeProcess.Run(["chaos", "--seed", Seed, "--folder", folder, "--json", .. arguments]);
            output.WriteLine(run.Output);
            Assert.True(run.ExitCode == 0, $"{run}\nThe history and the logs are kept in {folder}.");
            Assert.Empty(run.Document["violations"]!.AsArray());
            Assert.Equal((int)run.Document["calls"]!, (int)run.Document["ok"]! + (int)run.Document["fail"]! + (int)run.Document["unknown"]!);
            parent.IsKept = false;
            return run.Document;
        }
        finally
        {
            // Ends what a run that was itself cut off leaves behind.
            await MarqueeProcess.Run("cluster", "stop", "--folder", folder);
        }
    }
}
