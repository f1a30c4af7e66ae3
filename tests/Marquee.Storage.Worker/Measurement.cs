using System.Diagnostics;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;

namespace Marquee.Storage.Worker;

/// <summary>The log's rate: each partition has one writer that appends its next batch as soon as the last is durable.</summary>
internal static class Measurement
{
    public static async Task<int> RunAsync(string directory, IReadOnlyList<string> settings)
    {
        int Setting(string name, int otherwise) => settings
            .Where(setting => setting.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(setting => int.Parse(setting[(name.Length + 1)..]))
            .LastOrDefault(otherwise);

        var (partitions, events, bytes, seconds) = (Setting("partitions", 64), Setting("events", 100), Setting("bytes", 80), Setting("seconds", 10));
        var truncateEvery = Setting("truncate", 0);
        using var data = DataDirectory.Open(directory, 64);
        var opening = Stopwatch.StartNew();
        await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions());
        Console.WriteLine($"opened and checked in {opening.ElapsedMilliseconds} ms");

        var payload = new byte[events * bytes];
        new Random(1).NextBytes(payload);
        var clock = Stopwatch.StartNew();
        var processor = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var latencies = await Task.WhenAll(Enumerable.Range(0, partitions).Select(number => Task.Run(() => AppendAsync(LogPartition.Events(number)))));
        var elapsed = clock.Elapsed.TotalSeconds;
        var all = latencies.SelectMany(batch => batch).Order().ToArray();
        Console.WriteLine(
            $"{partitions} partitions, batches of {events} events of {bytes} bytes: {all.Length / elapsed:N0} batches/s, {all.Length * (double)events / elapsed:N0} events/s, "
            + $"{all.Length * (double)payload.Length / elapsed / 1e6:N1} MB/s; p50 {all[all.Length / 2]:N2} ms, p99 {all[all.Length * 99 / 100]:N2} ms, worst {all[^1]:N1} ms; "
            + $"processor {(Environment.CpuUsage.TotalTime - processor).TotalSeconds / elapsed:P0}, {(GC.GetTotalAllocatedBytes() - allocated) / all.Length:N0} bytes allocated per batch");
        return 0;

        async Task<List<double>> AppendAsync(LogPartition partition)
        {
            var owner = await log.OpenAsync(partition, CancellationToken.None);
            var offset = owner.NextOffset;
            var times = new List<double>();
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var start = Stopwatch.GetTimestamp();
                var outcome = await log.AppendAsync(partition, owner.Epoch, offset, new LogBatch(events, payload), CancellationToken.None);
                if (outcome != AppendOutcome.Appended)
                {
                    throw new InvalidOperationException($"The append ended as {outcome}.");
                }

                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
                offset += events;
                if (truncateEvery > 0 && times.Count % truncateEvery == 0)
                {
                    await log.TruncateAsync(partition, owner.Epoch, offset, CancellationToken.None);
                }
            }

            return times;
        }
    }
}
