using System.Globalization;
using System.Text.Json;
using Marquee.Benchmarks.Curves;
using Marquee.Benchmarks.Results;
using Marquee.Silo;

namespace Marquee.Benchmarks.Scale;

/// <summary>What a call costs all silos together, in clusters of one, two and three on one machine: <c>marquee load</c> through the front door of <c>marquee cluster start</c>.</summary>
/// <remarks>
/// Waking a process that sleeps, and computing with what is in no cache any more, costs the same however little it is woken for,
/// and three processes are woken more often than one. So the ratio depends on how busy the machine is, and is measured twice:
/// at a modest rate, and at one at which the single silo needs <see cref="BusyShare"/> of a processor for each kind of call.
/// </remarks>
internal static class SiloBenchmark
{
    private const int MostSilos = 3;
    private const double BusyShare = 0.5;
    private const double ModestRecommendations = 600;
    private const double ModestBatches = 60;

    private static readonly TimeSpan RestTime = TimeSpan.FromSeconds(25);

    private static readonly string[] World = ["--users", "5000", "--titles", "5000"];

    public static async Task Run(Report report)
    {
        report.Note("Processor time of all silos together, less what they use at rest, while a kind of call is the only one; 5,000 viewers and 5,000 titles, through the front door, which knows where viewers are; silos, PostgreSQL, front door and load generator share the machine's processors.");
        var modest = Rates(ModestRecommendations, ModestBatches);
        Dictionary<string, CallCost>? one = null, oneBusy = null;
        var busy = string.Empty;
        var curves = new List<(int Silos, Dictionary<string, CallCost> Modest, Dictionary<string, CallCost> Busy)>();
        for (var silos = 1; silos <= MostSilos; silos++)
        {
            Report.Progress(silos == 1 ? "one silo" : $"{silos} silos");
            await using var cluster = await Cluster.Start(silos);

            // The first load makes titles and viewers, and is not counted.
            await cluster.Load("--rate", modest, "--minutes", "0.3");
            var costs = await Profile(report, cluster, modest);
            if (silos == 1)
            {
                busy = Rates(BusyShare * 1e6 / costs["recommend"].Microseconds, BusyShare * 1e6 / costs["batch"].Microseconds);
                report.Note($"Modest: {modest} calls per second; busy: {busy}, at which the single silo, as it was at the modest rate, would need half of a processor for each kind.");
            }

            Report.Progress($"busy: {busy}");
            var costsBusy = await Profile(report, cluster, busy);
            (one, oneBusy) = (one ?? costs, oneBusy ?? costsBusy);
            Add(report, silos, "modest rate", costs, one);
            Add(report, silos, "busy", costsBusy, oneBusy);
            curves.Add((silos, costs, costsBusy));
        }

        CurvePlot.Draw(
            "silos-cost",
            "Cost by silos",
            "silos",
            "µs of processor time of all silos",
            ("recommendation, modest rate", [.. curves.Select(point => ((double)point.Silos, point.Modest["recommend"].MicrosecondsEach))]),
            ("recommendation, busy", [.. curves.Select(point => ((double)point.Silos, point.Busy["recommend"].MicrosecondsEach))]),
            ("event, modest rate", [.. curves.Select(point => ((double)point.Silos, point.Modest["batch"].MicrosecondsEach))]),
            ("event, busy", [.. curves.Select(point => ((double)point.Silos, point.Busy["batch"].MicrosecondsEach))]));
    }

    /// <summary>Measures when neighbours of titles have followed the load before, which goes on for a while and would count as rest.</summary>
    private static async Task<Dictionary<string, CallCost>> Profile(Report report, Cluster cluster, string rates)
    {
        await Task.Delay(RestTime);
        var measured = await cluster.Load("--published", "--rate", rates, "--profile", "12", "--minutes", "0.02");
        foreach (var doubt in measured.GetProperty("doubts").EnumerateArray())
        {
            report.Note($"Doubtful: {cluster.Silos} silos, {rates}: {doubt.GetString()}");
        }

        return CallCost.Read(measured);
    }

    private static void Add(Report report, int silos, string rate, Dictionary<string, CallCost> costs, Dictionary<string, CallCost> one)
    {
        foreach (var (kind, what) in (ReadOnlySpan<(string, string)>)[("recommend", "a recommendation"), ("batch", "an event in a batch of 100")])
        {
            report.Add(new ResultRow($"{what}, {silos} {(silos == 1 ? "silo" : "silos")}, {rate}", costs[kind].MicrosecondsEach, "µs")
            {
                AllocatedBytes = costs[kind].BytesEach,
                Baseline = silos == 1 ? null : "one silo",
                BaselineValue = silos == 1 ? null : one[kind].MicrosecondsEach,
                Wanted = silos == MostSilos ? "1/1.5 or nearer to 1" : null,
            });
        }
    }

    private static string Rates(double recommendations, double batches) =>
        string.Create(CultureInfo.InvariantCulture, $"recommend={recommendations:0},batch={batches:0}");

    /// <summary>A cluster on a PostgreSQL of its own, in a folder of its own.</summary>
    private sealed class Cluster : IAsyncDisposable
    {
        private readonly string _folder;
        private string[] _addresses = [];

        private Cluster(string folder, int silos) => (_folder, Silos) = (folder, silos);

        /// <summary>How many it has.</summary>
        public int Silos { get; }

        public static async Task<Cluster> Start(int silos)
        {
            // The command makes the folder, so that PostgreSQL, which does not run as root, gets into it.
            var cluster = new Cluster(Path.Combine(Path.GetTempPath(), $"marquee-benchmark-silos-{Guid.NewGuid():N}"), silos);
            try
            {
                var view = await CommandProcess.Run(
                    "cluster", "start", "--json", "--folder", cluster._folder, "--silos", $"{silos}", "--storage", "postgres", "--port", "0",
                    "--silo", typeof(NodeHost).Assembly.Location, "--", "--Marquee:Sample=none", "--Marquee:Training=false");
                cluster._addresses =
                [
                    "--url", view.GetProperty("frontDoor").GetProperty("url").GetString()!,
                    .. view.GetProperty("silos").EnumerateArray().SelectMany(silo => (string[])["--node", silo.GetProperty("url").GetString()!]),
                ];
                return cluster;
            }
            catch
            {
                await cluster.DisposeAsync();
                throw;
            }
        }

        public Task<JsonElement> Load(params string[] options) => CommandProcess.Run(["load", "--json", .. World, .. _addresses, .. options]);

        public async ValueTask DisposeAsync()
        {
            await CommandProcess.Run("cluster", "stop", "--delete", "--json", "--folder", _folder);
            if (Directory.Exists(_folder))
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }
}
