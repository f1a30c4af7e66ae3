using System.Buffers;
using System.Text;
using Marquee.Benchmarks.Results;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Events;
using Marquee.Storage.Events;

namespace Marquee.Benchmarks.Paths;

/// <summary>Where the processor time of one recommendation and of one event goes: each known piece measured by itself in this run, and what is left.</summary>
internal static class PathBudget
{
    private static readonly TimeSpan LogDuration = TimeSpan.FromSeconds(4);

    public static async Task Run(BenchmarkNode node, Report report)
    {
        var discarded = new Report();
        if (GrainBenchmark.Null is null)
        {
            await GrainBenchmark.Run(node, discarded);
        }

        if (HttpBenchmark.Measured is null)
        {
            await HttpBenchmark.Run(node, discarded);
        }

        if (EventBenchmark.Accepted is null)
        {
            await EventBenchmark.Run(node, discarded);
        }

        report.Note("Microseconds of processor time of the whole process, load generator included. Pieces are measured one by one and alone, so their caches are warmer than under the whole load; \"rest\" is what the total has beyond them.");
        await Request(node, report);
        await Event(node, report);
    }

    private static async Task Request(BenchmarkNode node, Report report)
    {
        var (bare, ranked) = HttpBenchmark.Measured!.Value;
        var (stages, _) = await RankingBenchmark.Measure(node);
        Add(report, "request", ranked.CpuMicroseconds,
        [
            ("HTTP with a small JSON answer, both sides (bare Kestrel)", bare.CpuMicroseconds),
            ("call of the viewer's grain (null grain call)", GrainBenchmark.Null!.Value.CpuMicroseconds),
            .. RankingBenchmark.Stages.Zip(stages, (stage, microseconds) => ($"ranking: {stage}", microseconds)),
        ]);
    }

    private static async Task Event(BenchmarkNode node, Report report)
    {
        var gathered = await EventsPerAppend(node.Log);
        var log = await EventBenchmark.GatheredLog((int)Math.Max(1, Math.Round(gathered)), LogDuration);
        var call = GrainBenchmark.Null!.Value.CpuMicroseconds;
        const int Batch = EventBenchmark.Batch;

        var bodies = Enumerable.Range(0, 50).Select(number => Encoding.UTF8.GetBytes(EventBenchmark.Body(number))).ToArray();
        var entries = LogEntryCodec.Decode(EventBenchmark.Payload(Batch).Span).Entries;
        var buffer = new ArrayBufferWriter<byte>(64 * 1024);
        var messages = bodies.SelectMany(body => BatchReader.Read(body, isLines: false, new EventParser(DateTimeOffset.UtcNow)).Items).ToArray();
        EngagementEvent[] events = [.. messages.Select(message => new EngagementEvent
        {
            EventId = message.EventId,
            UserId = message.UserId,
            TitleId = message.TitleId,
            Type = (EngagementType)message.Type,
            OccurredAt = message.OccurredAt,
        })];

        Add(report, "event", EventBenchmark.Accepted!.Value.CpuMicroseconds,
        [
            ("load generator: making the body", FastestOf.Rounds(5, 50, number => EventBenchmark.Body(number)) / Batch),
            ("HTTP, both sides (bare Kestrel, a hundredth)", HttpBenchmark.Measured!.Value.Bare.CpuMicroseconds / Batch),
            ("JSON: parsing and checking", FastestOf.Rounds(5, 50, i => BatchReader.Read(bodies[i], isLines: false, new EventParser(DateTimeOffset.UtcNow))) / Batch),
            ($"calls of the partitions (null grain calls, {EventBenchmark.PartitionsTouched:N0} for 100 events)", call * EventBenchmark.PartitionsTouched / Batch),
            ("log: encoding", FastestOf.Rounds(5, 50, _ =>
            {
                buffer.ResetWrittenCount();
                LogEntryCodec.Encode(entries, GeneratedWorld.Now, buffer);
            }) / Batch),
            ($"log: append and sync ({gathered:0.0} events together, as the node gathered them)", log.CpuMicroseconds),
            ("fold of the partition", FoldMicroseconds(events)),
            ("call of the viewer's grain (null grain call)", call),
            ("viewer: history", ViewerMicroseconds(events)),
        ]);
    }

    private static void Add(Report report, string path, double total, (string What, double Microseconds)[] pieces)
    {
        foreach (var (what, microseconds) in pieces)
        {
            report.Add(new ResultRow($"{path}: {what}", microseconds, "µs"));
        }

        var rest = path == "event"
            ? "rest: titles' grains, feed and replica, copying between calls, collecting garbage, waiting threads"
            : "rest: the answer's wire records and JSON, its reading by the client, collecting garbage, waiting threads";
        report.Add(new ResultRow($"{path}: {rest}", total - pieces.Sum(piece => piece.Microseconds), "µs"));
        report.Add(new ResultRow($"{path}: total", total, "µs") { Wanted = path == "event" ? "60 µs, better 15 µs" : "500 µs, better 150 µs" });
    }

    /// <summary>How many events the node wrote together in one partition, by what its log still has of this run.</summary>
    private static async Task<double> EventsPerAppend(IPartitionLog log)
    {
        long events = 0, appends = 0;
        for (var partition = 0; partition < 8; partition++)
        {
            await foreach (var batch in log.ReadAsync(LogPartition.Events(partition), 0, CancellationToken.None))
            {
                if (LogEntryCodec.Decode(batch.Payload.Span).Entries[0].Event is { } first && EventBenchmark.IsOfThisRun(first.EventId))
                {
                    (events, appends) = (events + batch.Count, appends + 1);
                }
            }
        }

        return (double)events / Math.Max(1, appends);
    }

    private static double FoldMicroseconds(EngagementEvent[] events)
    {
        var state = new PartitionState(new PartitionStateOptions());
        return FastestOf.Rounds(5, events.Length, i => state.Apply(new LogEntry("default", events[i].UserId, events[i]), GeneratedWorld.Now));
    }

    private static double ViewerMicroseconds(EngagementEvent[] events)
    {
        var titles = new TitleTable();
        var viewers = events.Select(engagement => engagement.UserId).Distinct()
            .ToDictionary(user => user, _ => new EngagementHistory(titles), StringComparer.Ordinal);
        return FastestOf.Rounds(5, events.Length, i => viewers[events[i].UserId].Append(events[i]));
    }
}
