using System.Buffers;
using System.Net.Http.Headers;
using System.Text;
using Marquee.Engine.Events;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;

namespace Marquee.Benchmarks;

/// <summary>Events durably accepted over HTTP in batches of 100 against the raw log with the same batches, 64 partitions.</summary>
internal static class EventBenchmark
{
    private const int Batch = 100;

    public static async Task Run(BenchmarkNode node)
    {
        var baseline = PerEvent(await RawLog());
        baseline.Print("raw SQLite log, batches of 100 (baseline), events");
        using var http = new HttpClient();
        var address = $"{node.Address}v1/events";
        var accepted = PerEvent(await Measurement.Of(32, i => Post(http, address, i)));
        accepted.Print("events accepted over HTTP, batches of 100", baseline);
    }

    private static Measurement PerEvent(Measurement batches) =>
        new(batches.PerSecond * Batch, batches.CpuMicroseconds / Batch, batches.AllocatedBytes / Batch);

    private static async Task<Measurement> RawLog()
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-log-").FullName;
        try
        {
            await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions { Directory = directory });
            var partitions = new (LogPartition Name, long Epoch)[64];
            var offsets = new long[partitions.Length];
            for (var i = 0; i < partitions.Length; i++)
            {
                var name = LogPartition.Events(i);
                partitions[i] = (name, (await log.OpenAsync(name, default)).Epoch);
            }

            var payload = Payload();
            var turns = partitions.Select(_ => new SemaphoreSlim(1)).ToArray();
            return await Measurement.Of(64, async i =>
            {
                var partition = (int)(i % partitions.Length);
                await turns[partition].WaitAsync();
                await log.AppendAsync(partitions[partition].Name, partitions[partition].Epoch, offsets[partition], new LogBatch(Batch, payload), default);
                offsets[partition] += Batch;
                turns[partition].Release();
            });
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static ReadOnlyMemory<byte> Payload()
    {
        var buffer = new ArrayBufferWriter<byte>();
        LogEntryCodec.Encode(
            [.. Enumerable.Range(0, Batch).Select(i => new LogEntry("default", $"user-{i}", new EngagementEvent
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
                .Append($$"""{"eventId":"b-{{id}}","userId":"{{id * 7919 % 20_000}}","titleId":"{{id * 104729 % 12_000}}","type":"play"}""");
        }

        using var content = new StringContent(body.Append(']').ToString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var answer = await http.PostAsync(address, content);
        answer.EnsureSuccessStatusCode();
    }
}
