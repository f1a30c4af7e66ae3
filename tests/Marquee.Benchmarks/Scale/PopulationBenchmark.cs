using System.Diagnostics;
using System.Text.Json;
using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Scale;

/// <summary>The memory of a node that knows 1 million viewers, 100,000 of them active, and 100,000 titles. The node is a process of its own.</summary>
internal static class PopulationBenchmark
{
    /// <summary>What the command line says to the process that is the node.</summary>
    public const string NodeArgument = "--node";

    public const int Known = 1_000_000;
    public const int Active = 100_000;
    public const int Titles = 100_000;
    private const int EventsEach = 3;
    private const int EventsOfActive = 100;
    private const long Past = 10_000_000;

    public static async Task Run(Report report)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-population-").FullName;
        try
        {
            await Prepare(directory);
            var measured = await Measure(directory);
            report.Note($"The store was prepared: partitions that know {Known:N0} viewers by {EventsEach} events each, and stored histories of {EventsOfActive} events of the {Active:N0} active ones. A node was then started on it as a process of its own, without a sample and without training; {Titles:N0} titles were published; every active viewer got one event, which brings viewer and title up, and {measured.Recommended:N0} of them a recommendation. {(measured.StoodStill ? "The last neighbours of titles had been gathered." : "Neighbours of titles were still being gathered.")} Without a trained model; embeddings of 64 dimensions would add 128 B per title and a little more than 512 B per viewer.");
            report.Add(new ResultRow("working set as it stands", measured.WorkingSet / 1e6, "MB") { Wanted = "4,000 MB, better 1,500 MB" });
            report.Add(new ResultRow("working set after a full compacting collection", measured.WorkingSetCompacted / 1e6, "MB"));
            report.Add(new ResultRow("heap in use after it", measured.Heap / 1e6, "MB"));
            report.Add(new ResultRow("heap in use when the node was ready, before titles and active viewers", measured.HeapReady / 1e6, "MB"));
            report.Add(new ResultRow("heap per title published, its replica's row and the feed's", measured.PerTitle, "B"));
            report.Add(new ResultRow("heap per active viewer with its share of titles' grains", measured.PerViewer, "B"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>The node's process: brings everybody up, measures itself, and prints it as the last line.</summary>
    public static async Task<int> RunNode(List<string> arguments)
    {
        Console.WriteLine(JsonSerializer.Serialize(await PopulationNode.Run(arguments[0])));
        return 0;
    }

    private static async Task Prepare(string directory)
    {
        var world = new GeneratedWorld(14);
        await using var store = new PreparedStore(directory);
        Report.Progress($"{Known:N0} known viewers");
        await store.StorePast(world, Known, EventsEach, Titles, Past);
        Report.Progress($"histories of {Active:N0} viewers");
        await store.StoreViewers(world, Active, EventsOfActive, Titles, Past);
    }

    private static async Task<PopulationMemory> Measure(string directory)
    {
        var self = Environment.ProcessPath!;
        string[] arguments = [NodeArgument, directory];
        var start = new ProcessStartInfo(self) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(self) == "dotnet")
        {
            start.ArgumentList.Add(typeof(PopulationBenchmark).Assembly.Location);
        }

        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var node = Process.Start(start)!;
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return node.ExitCode == 0 && output.TrimEnd().Split('\n')[^1] is ['{', ..] last
            ? JsonSerializer.Deserialize<PopulationMemory>(last)!
            : throw new InvalidOperationException($"The node's process ended with {node.ExitCode}: {output}");
    }
}

/// <summary>What the node's process measured of itself.</summary>
/// <param name="HeapReady">Heap in use when the node was ready.</param>
/// <param name="PerTitle">Heap per title, after publishing.</param>
/// <param name="PerViewer">Heap per active viewer, after they came up.</param>
/// <param name="Recommended">How many viewers got a recommendation.</param>
/// <param name="StoodStill">Whether the last neighbours were gathered when it was measured.</param>
/// <param name="WorkingSet">Resident bytes before a collection was asked for.</param>
/// <param name="WorkingSetCompacted">Resident bytes after it.</param>
/// <param name="Heap">Heap in use after it.</param>
internal sealed record PopulationMemory(double HeapReady, double PerTitle, double PerViewer, int Recommended, bool StoodStill, double WorkingSet, double WorkingSetCompacted, double Heap);
