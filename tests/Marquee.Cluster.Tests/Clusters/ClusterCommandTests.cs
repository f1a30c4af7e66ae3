using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cluster.Tests.Client;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary><c>marquee cluster</c> with real silos, a real store and a real front door.</summary>
public sealed class ClusterCommandTests : IDisposable
{
    private readonly ReachableFolder _parent = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_parent.Path, "cluster");

    public void Dispose() => _parent.Dispose();

    [Fact]
    public async Task StartKillAddPauseStop_EachStepIsSeenInTheStatusAndNothingIsLeftBehind()
    {
        int[] processes = [];
        try
        {
            var started = await Cluster("start", "--silos", "2", "--port", "0", "--", "--Marquee:Sample=none", "--Marquee:Training=false", "--Marquee:Partitions=8", "--Marquee:DrainSeconds=1");
            Assert.True(started.ExitCode == 0, started.ToString());
            var view = started.Document;
            processes = ProcessesOf(view);
            Assert.Equal([(1, "running", true), (2, "running", true)], SilosOf(view));
            using var http = new HttpClient { BaseAddress = new Uri((string)view["frontDoor"]!["url"]!), Timeout = TimeSpan.FromSeconds(30) };
            await Post(http, "before");

            var again = await Cluster("start");
            Assert.Equal(2, again.ExitCode);
            Assert.Contains("already", again.Output, StringComparison.Ordinal);

            await Cluster("kill", "1");
            Assert.Equal([(1, "gone", false), (2, "running", true)], SilosOf((await Cluster("status")).Document));
            var killedTwice = await Cluster("kill", "1");
            Assert.Equal(2, killedTwice.ExitCode);

            var added = await Cluster("add");
            processes = [.. processes, .. ProcessesOf(added.Document)];
            Assert.Equal([(1, "gone", false), (2, "running", true), (3, "running", true)], SilosOf(added.Document));

            await Cluster("pause", "3");
            Assert.Equal((3, "paused", false), SilosOf((await Cluster("status")).Document).Last());
            await Cluster("resume", "3");
            Assert.Equal("running", SilosOf((await Cluster("status")).Document).Last().State);
            await Post(http, "after");

            var history = await http.GetFromJsonAsync<JsonNode>("v1/users/u/history", Cancelled);
            Assert.Equal(["after", "before"], history!["events"]!.AsArray().Select(entry => (string)entry!["eventId"]!));
        }
        finally
        {
            var stopped = await Cluster("stop", "--delete");
            Assert.True(stopped.ExitCode == 0, stopped.ToString());
        }

        Assert.False(Directory.Exists(Folder));
        Assert.All(processes, process => Assert.False(ProcessIdentity.Of(process) is { IsAlive: true }, $"Process {process} is left behind."));
    }

    [Fact]
    public async Task Start_PortTaken_SaysSoAndStartsNothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var refused = await Cluster("start", "--port", $"{port}");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains($"port {port}", refused.Output, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder, "cluster.json")));
    }

    [Fact]
    public async Task Start_ASiloThatDies_ShowsWhatItSaidAndLeavesNothingBehind()
    {
        var refused = await Cluster("start", "--silos", "2", "--port", "0", "--", "--Marquee:Sample=all");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--Marquee:Sample is 'all'", refused.Output, StringComparison.Ordinal);
        var status = (await Cluster("status")).Document;
        Assert.False((bool)status["running"]!);
        Assert.Empty(status["silos"]!.AsArray());
        Assert.False(File.Exists(Path.Combine(Folder, "store", "data", "postmaster.pid")));
    }

    private static async Task Post(HttpClient http, string eventId)
    {
        // One node is gone or frozen for a moment: 5xx says that sending it again is safe.
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await http.PostAsJsonAsync("v1/events", new[] { new { eventId, userId = "u", titleId = "t", type = "like" } }, Cancelled);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                return;
            }

            Assert.True(attempt < 20 && answer.StatusCode >= HttpStatusCode.InternalServerError, $"{(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(Cancelled)}");
            await Task.Delay(500, Cancelled);
        }
    }

    private Task<MarqueeResult> Cluster(string command, params string[] arguments) =>
        MarqueeProcess.Run(["cluster", command, "--folder", Folder, "--json", .. arguments]);

    private static (int Number, string State, bool Ready)[] SilosOf(JsonNode view) =>
        [.. view["silos"]!.AsArray().Select(silo => ((int)silo!["number"]!, (string)silo["state"]!, (bool)silo["ready"]!))];

    private static int[] ProcessesOf(JsonNode view) => [.. view["silos"]!.AsArray().Append(view["frontDoor"]).Select(part => (int)part!["process"]!)];
}
