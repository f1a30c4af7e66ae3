using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Scale;

/// <summary>A node's start as an operator sees it: from the start of its process until it says that it is ready.</summary>
internal static class StartBenchmark
{
    private const int Starts = 5;

    public static async Task Run(Report report)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-start-").FullName;
        try
        {
            Report.Progress("the first start, which loads the sample");
            var first = await Start(directory);
            var again = new List<StartCost>();
            for (var start = 0; start < Starts; start++)
            {
                Report.Progress($"start {start + 1} of {Starts} on what is stored");
                again.Add(await Start(directory));
            }

            again.Sort((a, b) => a.Seconds.CompareTo(b.Seconds));
            report.Note($"Processes of their own, as the build left them, embedded storage, the sample of 12,611 titles and 141,695 events, without training. On what is stored: {Starts} starts, the fastest, and the one in the middle.");
            report.Add(Row("first start, the sample is loaded: process start until ready", first, null));
            report.Add(Row("start on what is stored: process start until ready, fastest", again[0], null));
            report.Add(Row("start on what is stored: process start until ready, median", again[Starts / 2], "5 s, better 2 s"));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ResultRow Row(string what, StartCost cost, string? wanted) =>
        new(what, cost.Seconds, "s") { CpuMicroseconds = cost.Cpu.TotalMicroseconds, Wanted = wanted };

    private static async Task<StartCost> Start(string directory)
    {
        await using var node = await NodeProcess.Start(directory);
        return new StartCost(node.SecondsUntilReady, node.Cpu);
    }

    /// <summary>What a start took.</summary>
    private readonly record struct StartCost(double Seconds, TimeSpan Cpu);
}
