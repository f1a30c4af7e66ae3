using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Marquee.Benchmarks.Results;
using Perfolizer.Horology;

namespace Marquee.Benchmarks.Micro;

/// <summary>The inner loops beside their plain twins, by BenchmarkDotNet in this process: a short run of each.</summary>
internal static class MicroBenchmarks
{
    private static readonly TimeInterval IterationTime = TimeInterval.FromMilliseconds(200);

    private static readonly (Type Pair, string What)[] Pairs =
    [
        (typeof(EmbeddingScanPair), "both inner products of 12,800 titles × 64"),
        (typeof(FirstStagePair), "first stage's sum over 12,800 titles"),
        (typeof(BestCandidatesPair), "200 best of 12,800 scores"),
        (typeof(FoldInPair), "fold-in of a viewer with 100 events, 64 dimensions, twice"),
        (typeof(RankerPair), "ranker: 200 candidates scored and ordered"),
        (typeof(TitleMergePair), "a title's statistics over 64 partitions"),
        (typeof(NeighbourMergePair), "neighbours of 100 titles over 64 partitions"),
        (typeof(LogEncodePair), "log: 100 events encoded"),
        (typeof(LogDecodePair), "log: 100 events decoded"),
        (typeof(EventParserPair), "JSON: body of 100 events parsed and checked"),
    ];

    public static void Run(Report report)
    {
        report.Note("One thread. The plain twin is a simple implementation that is obviously right; before it is timed, each pair must give the same answer.");
        var artifacts = Directory.CreateTempSubdirectory("marquee-benchmark-micro-").FullName;
        try
        {
            foreach (var (pair, what) in Pairs)
            {
                Report.Progress(what);
                Add(report, what, RunPair(pair, artifacts));
            }
        }
        finally
        {
            Directory.Delete(artifacts, recursive: true);
        }
    }

    private static Summary RunPair(Type pair, string artifacts)
    {
        var log = new AccumulationLogger();
        var config = ManualConfig.CreateEmpty()
            .AddJob(Job.ShortRun.WithIterationCount(5).WithIterationTime(IterationTime).WithToolchain(InProcessEmitToolchain.DontLogOutput))
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(log)
            .WithArtifactsPath(artifacts);
        var summary = BenchmarkRunner.Run(pair, config);
        return summary.Reports.Length == 2 && summary.Reports.All(run => run is { Success: true, ResultStatistics: not null })
            ? summary
            : throw new InvalidOperationException($"{pair.Name} could not be measured:{Environment.NewLine}{log.GetLog()}");
    }

    private static void Add(Report report, string what, Summary summary)
    {
        var plain = summary.Reports.Single(run => summary.IsBaseline(run.BenchmarkCase));
        var engine = summary.Reports.Single(run => !summary.IsBaseline(run.BenchmarkCase));
        report.Add(new ResultRow(what, engine.ResultStatistics!.Mean / 1_000, "µs")
        {
            Baseline = $"plain twin ({engine.ResultStatistics.N} and {plain.ResultStatistics!.N} rounds, ± {100 * engine.ResultStatistics.StandardError / engine.ResultStatistics.Mean:0}%)",
            BaselineValue = plain.ResultStatistics.Mean / 1_000,
            AllocatedBytes = engine.GcStats.GetBytesAllocatedPerOperation(engine.BenchmarkCase),
        });
    }
}
