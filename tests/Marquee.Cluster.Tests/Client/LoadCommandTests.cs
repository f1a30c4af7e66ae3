using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Client;

/// <summary>The <c>marquee load</c> command against a real node.</summary>
public sealed class LoadCommandTests : IAsyncLifetime
{
    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Training=false"]);

    public async ValueTask InitializeAsync() => await _node.Start();

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Load_AFewSecondsOfEveryKind_TheNodeCountsEachEventOnce()
    {
        var load = await MarqueeProcess.Run(
            "load", "--url", _node.Address.ToString(), "--json", "--users", "200", "--titles", "300", "--warm-up", "1", "--minutes", "0.05", "--timeout", "60",
            "--batch", "20", "--rate", "batch=5,event=10,recommend=10,home=5,similar=5,trending=5");

        Assert.True(load.ExitCode is 0 or 1, load.ToString());
        var report = load.Document["load"]!;
        var kinds = report["kinds"]!.AsArray();
        Assert.Equal(["batch", "event", "recommend", "home", "similar", "trending"], kinds.Select(kind => (string?)kind!["kind"]));
        Assert.All(kinds, kind => Assert.Equal((0, 0, 0), ((int)kind!["refused"]!, (int)kind["lost"]!, (int)kind["notSent"]!)));
        Assert.Equal((15, 30, 30, 15), ((int)kinds[0]!["answered"]!, (int)kinds[1]!["answered"]!, (int)kinds[2]!["due"]!, (int)kinds[3]!["due"]!));
        Assert.Equal((15 * 20) + 30, (int)report["events"]!["accepted"]!);
        Assert.Equal(0, (int)report["events"]!["duplicates"]!);

        // Its own count between the two readings, and the whole of the log: the past, the warm-up and the load.
        Assert.Equal((int)report["events"]!["accepted"]!, (int)load.Document["use"]!["eventsAccepted"]!);
        Assert.True((double)load.Document["use"]!["cpuSeconds"]! > 0);
        var status = await _node.Get("v1/status");
        Assert.Equal(300, status.GetProperty("catalogue").GetProperty("titles").GetInt32());
        Assert.Equal(1_344 + (5 * 20) + 10 + (15 * 20) + 30, status.GetProperty("events").GetProperty("accepted").GetInt32());
    }
}
