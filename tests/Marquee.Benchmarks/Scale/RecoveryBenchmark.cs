using System.Diagnostics;
using Marquee.Benchmarks.Paths;
using Marquee.Benchmarks.Results;
using Marquee.Grains;
using Marquee.Grains.Events;

namespace Marquee.Benchmarks.Scale;

/// <summary>Start after a crash: 100 million events of history, 1 million of them after the last snapshots.</summary>
internal static class RecoveryBenchmark
{
    private const long Past = 99_000_000;
    private const int Tail = 1_000_000;
    private const int Users = 1_000_000;
    private const int EventsEach = 3;
    private const int Titles = 12_000;

    public static async Task Run(Report report)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-recovery-").FullName;
        try
        {
            await Prepare(directory);
            report.Note($"Prepared through the stores' own classes: {PreparedStore.Partitions} snapshots of partitions that know {Users:N0} users and {Titles:N0} titles and stand at offset {Past / PreparedStore.Partitions:N0} each, as after {Past:N0} events; {Tail:N0} events in the log after them. The {Past:N0} events themselves were never written: snapshots have replaced them, and the state is folded from {EventsEach} events per user. The files are in the system's cache.");
            report.Note($"Files: {Directory.EnumerateFiles(directory).Sum(file => new FileInfo(file).Length) / 1e6:N0} MB.");
            await Recover(directory, report);
            await Start(directory, report);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task Prepare(string directory)
    {
        var world = new GeneratedWorld(13);
        await using var store = new PreparedStore(directory);
        Report.Progress("folding and storing the past");
        await store.StorePast(world, Users, EventsEach, Titles, Past);
        Report.Progress("appending the tail");
        await store.AppendTail(world, Users, Titles, Tail);
    }

    private static async Task Recover(string directory, Report report)
    {
        Report.Progress("recovering the partitions");
        var (clock, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        await using var store = new PreparedStore(directory);
        var log = store.Log;
        var opened = clock.Elapsed;
        var partitions = await Task.WhenAll(Enumerable.Range(0, PreparedStore.Partitions).Select(partition => Task.Run(() =>
            PartitionRecovery.Open(log, store.SnapshotsOf(partition), partition, new MarqueeOptions(), default))));
        var seconds = clock.Elapsed;
        var end = partitions.Sum(partition => partition.State.NextOffset);
        if (end != (Past / PreparedStore.Partitions * PreparedStore.Partitions) + (Tail / PreparedStore.Partitions * PreparedStore.Partitions))
        {
            throw new InvalidOperationException($"The partitions end at {end:N0} in sum.");
        }

        report.Add(new ResultRow("opening the log: every row checked", opened.TotalSeconds, "s"));
        report.Add(new ResultRow("opening the partitions: snapshots read, tail replayed", (seconds - opened).TotalSeconds, "s"));
        report.Add(new ResultRow("both, until every partition has its state", seconds.TotalSeconds, "s")
        {
            CpuMicroseconds = (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds,
            Wanted = "60 s, better 15 s",
        });
    }

    /// <summary>The whole node on the same directory, in this process, until it says that it is ready.</summary>
    private static async Task Start(string directory, Report report)
    {
        Report.Progress("starting a node on it");
        var clock = Stopwatch.StartNew();
        await using var node = await BenchmarkNode.StartBare(directory);
        report.Add(new ResultRow("a node on it, in this process: start until ready", clock.Elapsed.TotalSeconds, "s") { Wanted = "60 s, better 15 s" });
    }
}
