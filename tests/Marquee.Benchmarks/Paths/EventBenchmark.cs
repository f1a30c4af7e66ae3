using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Marquee.Benchmarks.Results;
using Marquee.Contracts.Users;
using Marquee.Engine.Events;
using Marquee.Silo.Sample;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using PartitionHash = Marquee.Contracts.Events.PartitionHash;

namespace Marquee.Benchmarks.Paths;

/// <summary>Events durably accepted over HTTP in batches of 100 against the raw log, 64 partitions.</summary>
/// <remarks>
/// Viewers and titles are drawn from the sample's own ratings, each by itself, so that they are as unevenly popular as there.
/// A batch of 100 viewers touches some fifty partitions; the raw log is given the same: an append of a few events to each.
/// All viewers are in memory before: what it costs to bring one up is a row of its own.
/// </remarks>
internal static class EventBenchmark
{
    /// <summary>Events of a call.</summary>
    public const int Batch = 100;

    private const int Partitions = 64;
    private const int ViewersAtOnce = 32;

    /// <summary>Keeps events of a run apart from those of the run before in a data directory that is kept: those would be duplicates.</summary>
    private static readonly string ThisRun = Guid.NewGuid().ToString("N")[..8];

    private static readonly IReadOnlyList<SampleRating> Ratings = MovieTweetingsSample.ReadRatings();

    /// <summary>What was measured last in this process.</summary>
    public static Measurement? Accepted { get; private set; }

    /// <summary>Whether an event was sent by this run.</summary>
    public static bool IsOfThisRun(string eventId) => eventId.StartsWith($"b-{ThisRun}-", StringComparison.Ordinal);

    /// <summary>Partitions that a batch touches, on average.</summary>
    public static double PartitionsTouched => Enumerable.Range(0, 50).Average(number => Divided(number, Partitions).Count());

    public static async Task Run(BenchmarkNode node, Report report)
    {
        report.Add(PerEvent(await RawLog(Partitions, Whole)).Row("raw SQLite log, 100 events of one partition"));
        var baseline = PerEvent(await RawLog(Partitions, number => Divided(number, Partitions)));
        report.Add(baseline.Row("raw SQLite log, the same batches"));
        report.Add((await BringUp(node)).Row("viewers of the sample that come up: snapshot and tail of the log read"));
        using var http = new HttpClient();
        var address = $"{node.Address}v1/events";
        var accepted = PerEvent(await Measurement.Of(32, i => Post(http, address, i)));
        Accepted = accepted;
        report.Add(accepted.Row("events accepted over HTTP, batches of 100, viewers in memory, client included", "raw SQLite log, the same batches", baseline, "20,000/s and 1/2, better 60,000/s"));
        await FreshnessBenchmark.Run(report, accepted.PerSecond / Batch / 2, number => Post(http, address, number));
    }

    /// <summary>The raw log given the batches of calls over so many partitions, per event.</summary>
    public static async Task<Measurement> DividedLog(int partitions, TimeSpan duration) =>
        PerEvent(await RawLog(partitions, number => Divided(number, partitions), duration));

    /// <summary>The raw log given appends of so many events each, per event.</summary>
    public static async Task<Measurement> GatheredLog(int events, TimeSpan duration)
    {
        var appends = await RawLog(Partitions, number => [((int)(number % Partitions), events)], duration);
        return new Measurement(appends.PerSecond * events, appends.CpuMicroseconds / events, appends.AllocatedBytes / events);
    }

    /// <summary>Has every viewer of the sample read once, so that an event's cost is not that of a viewer who comes up for it.</summary>
    private static async Task<Measurement> BringUp(BenchmarkNode node)
    {
        string[] viewers = [.. Ratings.Select(rating => rating.UserId).Distinct()];
        return await Measurement.OfAll(viewers.Length, ViewersAtOnce, i => node.Grains.GetGrain<IUserGrain>($"default/{viewers[i]}").GetHistory(1, null, null));
    }

    private static Measurement PerEvent(Measurement batches) =>
        new(batches.PerSecond * Batch, batches.CpuMicroseconds / Batch, batches.AllocatedBytes / Batch);

    private static IEnumerable<(int Partition, int Count)> Whole(long number) => [((int)(number % Partitions), Batch)];

    private static IEnumerable<(int Partition, int Count)> Divided(long number, int partitions) => Enumerable.Range(0, Batch)
        .GroupBy(i => PartitionHash.Of("default", UserOf((number * Batch) + i), partitions), (partition, events) => (partition, events.Count()));

    private static string UserOf(long id) => Ratings[(int)(id * 7919 % Ratings.Count)].UserId;

    private static string TitleOf(long id) => Ratings[(int)(id * 104729 % Ratings.Count)].TitleId;

    private static async Task<Measurement> RawLog(int partitionCount, Func<long, IEnumerable<(int Partition, int Count)>> divide, TimeSpan? duration = null)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-log-").FullName;
        try
        {
            await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions { Directory = directory });
            var partitions = new (LogPartition Name, long Epoch)[partitionCount];
            var offsets = new long[partitions.Length];
            for (var i = 0; i < partitions.Length; i++)
            {
                var name = LogPartition.Events(i);
                partitions[i] = (name, (await log.OpenAsync(name, default)).Epoch);
            }

            var payloads = Enumerable.Range(0, 1 + Math.Max(Batch, divide(0).Max(share => share.Count))).Select(Payload).ToArray();
            var turns = partitions.Select(_ => new SemaphoreSlim(1)).ToArray();
            return await Measurement.Of(64, i => Task.WhenAll(divide(i).Select(share => Append(share.Partition, share.Count))), duration);

            async Task Append(int partition, int count)
            {
                await turns[partition].WaitAsync();
                await log.AppendAsync(partitions[partition].Name, partitions[partition].Epoch, offsets[partition], new LogBatch(count, payloads[count]), default);
                offsets[partition] += count;
                turns[partition].Release();
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    /// <summary>Events as the log stores them.</summary>
    public static ReadOnlyMemory<byte> Payload(int count)
    {
        var buffer = new ArrayBufferWriter<byte>();
        LogEntryCodec.Encode(
            [.. Enumerable.Range(0, count).Select(i => new LogEntry("default", $"user-{i}", new EngagementEvent
            {
                EventId = $"benchmark-{i}",
                UserId = $"user-{i}",
                TitleId = $"{i}",
                Type = EngagementType.Play,
                OccurredAt = 1_700_000_000_000 + i,
            }))],
            1_700_000_000_000,
            buffer);
        return buffer.WrittenMemory;
    }

    private static async Task Post(HttpClient http, string address, long number)
    {
        using var content = new StringContent(Body(number), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(address, content);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The body of a call.</summary>
    public static string Body(long number)
    {
        var body = new StringBuilder("[");
        for (var i = 0; i < Batch; i++)
        {
            var id = (number * Batch) + i;
            body.Append(i == 0 ? string.Empty : ",")
                .Append($$"""{"eventId":"b-{{ThisRun}}-{{id}}","userId":"{{UserOf(id)}}","titleId":"{{TitleOf(id)}}","type":"play"}""");
        }

        return body.Append(']').ToString();
    }
}
