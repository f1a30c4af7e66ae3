using Marquee.Benchmarks.Paths;
using Marquee.Benchmarks.Results;
using Marquee.Engine.Titles;

namespace Marquee.Benchmarks.Curves;

/// <summary>What partitions cost: the log's share of an event when calls of 100 are divided over them, and the sum of a title's shares.</summary>
internal static class PartitionCurve
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(3);

    public static async Task Run(Report report)
    {
        report.Note("The raw SQLite log given calls of 100 events each, divided over the partitions of their users, 64 calls at a time; nothing gathers them, as the node's writers do. Sum: counters, popularity and times of a title that all partitions know.");
        var (log, sums) = (new List<(double, double)>(), new List<(double, double)>());
        foreach (var partitions in (int[])[1, 4, 16, 64, 256])
        {
            Report.Progress($"{partitions} partitions");
            var measured = await EventBenchmark.DividedLog(partitions, Duration);
            report.Add(measured.Row($"raw log, {partitions} partitions"));
            log.Add((partitions, measured.CpuMicroseconds));

            var title = new TitleStatistics();
            for (var partition = 0; partition < partitions; partition++)
            {
                title.Take(partition, 1, TitleSummary.Empty with { EventCount = partition, LastEventAt = GeneratedWorld.Now });
            }

            var sum = FastestOf.Rounds(3, 20_000, _ => title.Sum());
            report.Add(new ResultRow($"sum of a title's shares, {partitions} partitions", sum, "µs"));
            sums.Add((partitions, sum));
        }

        CurvePlot.Draw("partitions-cost", "Cost by partitions", "partitions", "µs of processor time", ("raw log, per event", [.. log]), ("sum of a title's shares", [.. sums]));
    }
}
