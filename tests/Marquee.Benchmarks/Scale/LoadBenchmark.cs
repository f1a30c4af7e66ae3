using System.Globalization;
using System.Text.Json;
using Marquee.Benchmarks.Paths;
using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Scale;

/// <summary>What calls cost a node in a process of its own, and how soon they are answered under load: <c>marquee load</c> beside it, first as usual, then with a hot title.</summary>
internal static class LoadBenchmark
{
    private const string HotShare = "0.9";
    private static readonly TimeSpan ModelReadTime = TimeSpan.FromSeconds(15);

    private static readonly string[] Profile =
        ["--rate", "batch=100,event=400,recommend=400,home=100,similar=200,trending=200", "--profile", "10", "--minutes", "0.02"];

    public static async Task Run(Report report)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-load-").FullName;
        try
        {
            Copy(await NodePart.Store(), directory);
            await using var node = await NodeProcess.Start(directory);
            await Task.Delay(ModelReadTime);
            report.Note("The node of the paths in a process of its own, with the sample's 12,611 titles and a trained model; 10,000 simulated viewers. A kind's cost is what the node's process uses while that kind is the only one, less what it uses at rest. Rates and times are those of node and load generator on the same processors.");

            Report.Progress("what a call costs");
            var usual = CallCost.Read(await Load(node, Profile));
            Add(report, usual, null);

            Report.Progress("the largest rates");
            var recommend = await Largest(node, "recommend", first: 400);
            var batch = await Largest(node, "batch", first: 50);
            report.Add(new ResultRow("recommendations alone, largest rate that holds for 30 s with p99 within 50 ms", recommend, "/s"));
            report.Add(new ResultRow("events alone in batches of 100, largest rate that holds for 30 s with p99 within 100 ms", batch * 100, "/s"));

            Report.Progress("half of both at once");
            var half = string.Create(CultureInfo.InvariantCulture, $"recommend={recommend / 2:0},batch={batch / 2:0}");
            var p99 = Times(await Load(node, ["--published", "--rate", half, "--minutes", "0.5"]));
            report.Add(Time("p99 of a recommendation at half of both rates at once", p99["recommend"], null) with { Wanted = "50 ms, better 15 ms" });
            report.Add(Time("p99 of a batch of events, likewise", p99["batch"], null));

            Report.Progress("with a hot title: what a call costs");
            Add(report, CallCost.Read(await Load(node, [.. Profile, "--published", "--hot-title", HotShare])), usual);
            Report.Progress("with a hot title: half of both rates");
            var hot = Times(await Load(node, ["--published", "--rate", half, "--minutes", "0.5", "--hot-title", HotShare]));
            report.Add(Time("p99 of a recommendation at half of both rates, 90 % of events on one title", hot["recommend"], p99["recommend"]));
            report.Add(Time("p99 of a batch of events, likewise with a hot title", hot["batch"], p99["batch"]));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static void Add(Report report, Dictionary<string, CallCost> costs, Dictionary<string, CallCost>? usual)
    {
        foreach (var (kind, cost) in costs)
        {
            var what = kind switch
            {
                "batch" => "an event in a batch of 100",
                "event" => "an event by itself",
                _ => kind switch { "recommend" => "a recommendation", "home" => "a home page", "similar" => "similar titles", _ => "trending" },
            };
            report.Add(new ResultRow($"server, {what}{(usual is null ? "" : ", 90 % of events on one title")}", cost.MicrosecondsEach, "µs")
            {
                AllocatedBytes = cost.BytesEach,
                Baseline = usual is null ? null : "as usual",
                BaselineValue = usual?[kind].MicrosecondsEach,
                Wanted = (usual is null, kind) switch
                {
                    (false, _) => "within 20 % of it",
                    (_, "recommend") => "500 µs and 20 KB, better 150 µs and 4 KB",
                    (_, "batch") => "60 µs and 2 KB, better 15 µs and 400 B",
                    _ => null,
                },
            });
        }
    }

    private static ResultRow Time(string what, double milliseconds, double? usual) =>
        new(what, milliseconds, "ms") { Baseline = usual is null ? null : "as usual", BaselineValue = usual };

    /// <summary>By kind the 99th percentile in milliseconds; infinite when it is a call without an answer.</summary>
    private static Dictionary<string, double> Times(JsonElement report) => report.GetProperty("load").GetProperty("kinds").EnumerateArray().ToDictionary(
        kind => kind.GetProperty("kind").GetString()!,
        kind => kind.TryGetProperty("p99Milliseconds", out var p99) && p99.ValueKind == JsonValueKind.Number ? p99.GetDouble() : double.PositiveInfinity);

    private static async Task<double> Largest(NodeProcess node, string kind, int first)
    {
        var found = await Load(node, ["--published", "--rate", $"{kind}={first}", "--max", kind, "--p99", kind == "batch" ? "100" : "50"]);
        return found.TryGetProperty("perSecond", out var rate) && rate.ValueKind == JsonValueKind.Number
            ? rate.GetDouble()
            : throw new InvalidOperationException($"No rate of {kind} held: {found}");
    }

    private static Task<JsonElement> Load(NodeProcess node, string[] options) =>
        CommandProcess.Run(["load", "--url", node.Address, "--node-titles", "--users", "10000", "--json", .. options]);

    private static void Copy(string from, string to)
    {
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(to, Path.GetRelativePath(from, directory)));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, Path.Combine(to, Path.GetRelativePath(from, file)));
        }
    }
}
