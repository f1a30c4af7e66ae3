using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Marquee.Engine.Events;
using Marquee.Silo.Sample;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using PartitionHash = Marquee.Contracts.Events.PartitionHash;

namespace Marquee.Benchmarks;

/// <summary>Events durably accepted over HTTP in batches of 100 against the raw log, 64 partitions.</summary>
/// <remarks>
/// Viewers and titles are drawn from the sample's own ratings, each by itself, so that they are as unevenly popular as there.
/// A batch of 100 viewers touches some fifty partitions; the raw log is given the same: an append of a few events to each.
/// </remarks>
internal static class EventBenchmark
{
    private const int Batch = 100;
    private const int Partitions = 64;

    private static readonly IReadOnlyList<SampleRating> Ratings = MovieTweetingsSample.ReadRatings();

    public static async Task Run(BenchmarkNode node)
    {
        PerEvent(await RawLog(Whole)).Print("raw SQLite log, 100 events of one partition, events");
        var baseline = PerEvent(await RawLog(Divided));
        baseline.Print("raw SQLite log, the same batches (baseline), events");
        using var http = new HttpClient();
        var address = $"{node.Address}v1/events";
        var accepted = PerEvent(await Measurement.Of(32, i => Post(http, address, i)));
        accepted.Print("events accepted over HTTP, batches of 100", baseline);
        await FreshnessBenchmark.Run(accepted.PerSecond / Batch / 2, number => Post(http, address, number));
    }

    private static Measurement PerEvent(Measurement batches) =>
        new(batches.PerSecond * Batch, batches.CpuMicroseconds / Batch, batches.AllocatedBytes / Batch);

    private static IEnumerable<(int Partition, int Count)> Whole(long number) => [((int)(number % Partitions), Batch)];

    private static IEnumerable<(int Partition, int Count)> Divided(long number) => Enumerable.Range(0, Batch)
        .GroupBy(i => PartitionHash.Of("default", UserOf((number * Batch) + i), Partitions), (partition, events) => (partition, events.Count()));

    private static string UserOf(long id) => Ratings[(int)(id * 7919 % Ratings.Count)].UserId;

    private static string TitleOf(long id) => Ratings[(int)(id * 104729 % Ratings.Count)].TitleId;

    private static async Task<Measurement> RawLog(Func<long, IEnumerable<(int Partition, int Count)>> divide)
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-log-").FullName;
        try
        {
            await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions { Directory = directory });
            var partitions = new (LogPartition Name, long Epoch)[Partitions];
            var offsets = new long[partitions.Length];
            for (var i = 0; i < partitions.Length; i++)
            {
                var name = LogPartition.Events(i);
                partitions[i] = (name, (await log.OpenAsync(name, default)).Epoch);
            }

            var payloads = Enumerable.Range(0, Batch + 1).Select(Payload).ToArray();
            var turns = partitions.Select(_ => new SemaphoreSlim(1)).ToArray();
            return await Measurement.Of(64, i => Task.WhenAll(divide(i).Select(share => Append(share.Partition, share.Count))));

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

    private static ReadOnlyMemory<byte> Payload(int count)
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
        var body = new StringBuilder("[");
        for (var i = 0; i < Batch; i++)
        {
            var id = (number * Batch) + i;
            body.Append(i == 0 ? string.Empty : ",")
                .Append($$"""{"eventId":"b-{{id}}","userId":"{{UserOf(id)}}","titleId":"{{TitleOf(id)}}","type":"play"}""");
        }

        using var content = new StringContent(body.Append(']').ToString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(address, content);
        answer.EnsureSuccessStatusCode();
    }
}
