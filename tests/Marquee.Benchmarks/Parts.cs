using Marquee.Benchmarks.Curves;
using Marquee.Benchmarks.Micro;
using Marquee.Benchmarks.Paths;
using Marquee.Benchmarks.Results;
using Marquee.Benchmarks.Scale;

namespace Marquee.Benchmarks;

/// <summary>The parts of the benchmarks, and what the command line says of them.</summary>
internal static class Parts
{
    private const string Usage = """
        Usage: [PART…] [--data FOLDER] [--results FOLDER]

        Prints ratios to baselines of the same run; a rate alone means little on a shared machine. Without parts all run.
          --data FOLDER     keeps the node's data, so that the next run does not wait for the sample and the model's training
          --results FOLDER  where results.json and results.md are kept and the curves are drawn; without it, nowhere
        """;

    private static readonly Part[] All =
    [
        new("memory", "paths", "state of a viewer", report => Done(() => MemoryBenchmark.Run(report))),
        new("micro", "micro", "inner loops beside their plain twins", report => Done(() => MicroBenchmarks.Run(report))),
        new("dense", "scale", "exact ten best of 1 million titles × 50 dimensions", report => Done(() => DenseBenchmark.Run(report))),
        new("recovery", "scale", "start after kill -9: 1 million events after the last snapshot", RecoveryBenchmark.Run),
        new("start", "scale", "process start until ready, with the sample", StartBenchmark.Run),
        new("population", "scale", "memory of a node with 1 million known viewers, 100,000 active, 100,000 titles", PopulationBenchmark.Run),
        new("users", "curves", "cost of an event by users", report => Done(() => UserCurve.Run(report))),
        new("titles", "curves", "cost of a recommendation by titles", report => Done(() => TitleCurve.Run(report))),
        new("history", "curves", "cost of a recommendation by the viewer's events", report => Done(() => HistoryCurve.Run(report))),
        new("partitions", "curves", "cost of an event by partitions", PartitionCurve.Run),
        new("silos", "silos", "cost of a call in clusters of one, two and three silos on PostgreSQL", SiloBenchmark.Run),
        new("ranking", "paths", "a ranking stage by stage", NodePart.Of(RankingBenchmark.Run)),
        new("grain", "paths", "recommendation through the grain", NodePart.Of(GrainBenchmark.Run)),
        new("http", "paths", "recommendation over HTTP", NodePart.Of(HttpBenchmark.Run)),
        new("events", "paths", "events accepted durably over HTTP, and how soon they count", NodePart.Of(EventBenchmark.Run)),
        new("budget", "paths", "where the microseconds of a request and of an event go", NodePart.Of(PathBudget.Run)),
        new("load", "paths", "a node in a process of its own under load: what it uses, how soon it answers, a hot title", LoadBenchmark.Run),
    ];

    /// <summary>The folder of the results; null when they are not kept.</summary>
    public static string? Folder { get; private set; }

    /// <summary>What the parts of this process measured so far, and the files before.</summary>
    public static ResultFiles Files { get; private set; } = new(null);

    public static async Task<int> Run(string[] arguments)
    {
        var names = new List<string>(arguments);
        if (names.Contains("--help"))
        {
            Console.WriteLine(Usage);
            foreach (var part in All)
            {
                Console.WriteLine($"  {part.Name,-11} {part.Group,-7} {part.What}");
            }

            return 0;
        }

        NodePart.Data = Take(names, "--data");
        Folder = Take(names, "--results");
        Files = new ResultFiles(Folder);
        if (names.Remove(PopulationBenchmark.NodeArgument))
        {
            return await PopulationBenchmark.RunNode(names);
        }

        if (names.FirstOrDefault(name => !All.Any(part => part.Name == name || part.Group == name)) is { } unknown)
        {
            Console.Error.WriteLine($"There is no part '{unknown}'; there are: {string.Join(", ", All.Select(part => part.Name))}, and the groups {string.Join(", ", All.Select(part => part.Group).Distinct())}.");
            return 1;
        }

        try
        {
            foreach (var part in All.Where(part => names.Count == 0 || names.Contains(part.Name) || names.Contains(part.Group)))
            {
                Report.Progress($"{part.Name}: {part.What}");
                var report = new Report();
                await part.Run(report);
                if (report.Result.Rows.Count > 0)
                {
                    Files.Write(part.Name, report.Result, [.. All.Select(other => other.Name)]);
                }
            }
        }
        finally
        {
            await NodePart.Stop();
        }

        return 0;
    }

    private static string? Take(List<string> arguments, string option)
    {
        var at = arguments.IndexOf(option);
        if (at < 0 || at + 1 >= arguments.Count)
        {
            return null;
        }

        var value = arguments[at + 1];
        arguments.RemoveRange(at, 2);
        return value;
    }

    private static Task Done(Action run)
    {
        run();
        return Task.CompletedTask;
    }

    /// <summary>One part.</summary>
    private sealed record Part(string Name, string Group, string What, Func<Report, Task> Run);
}
