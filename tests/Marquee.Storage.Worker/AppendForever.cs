using System.Text;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Storage.Worker;

/// <summary>Writes to both stores as fast as they take it, until the process is killed. Says what was acknowledged, after it was:
/// <c>appended PARTITION OFFSET COUNT ID</c> and <c>written GRAIN VALUE</c>; what is about to be written, <c>writing GRAIN VALUE</c>; and what
/// was not acknowledged, <c>unknown …</c>, <c>full …</c>.</summary>
internal static class AppendForever
{
    private const int Partitions = 16;

    public static async Task<int> RunAsync(string directory)
    {
        using var data = DataDirectory.Open(directory, 64);
        await using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions());
        await using var storage = new SqliteGrainStorage(
            directory,
            new SqliteStorageOptions(),
            new SnapshotSerializer(services.GetRequiredService<Serializer>()),
            services.GetRequiredService<IActivatorProvider>());
        var output = TextWriter.Synchronized(new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true });
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(number => Task.Run(() => WriteAsync(log, storage, number, output))));
        return 0;
    }

    private static async Task WriteAsync(SqlitePartitionLog log, SqliteGrainStorage storage, int number, TextWriter output)
    {
        var random = new Random();
        while (true)
        {
            try
            {
                await WriteUntilLostAsync(log, storage, number, random, output);
            }
            catch (StoreUnavailableException exception)
            {
                await output.WriteLineAsync($"unknown {number}: {exception.Message}");
            }
        }
    }

    /// <summary>Writes until an outcome is unknown; then everything must be opened anew.</summary>
    private static async Task WriteUntilLostAsync(SqlitePartitionLog log, SqliteGrainStorage storage, int number, Random random, TextWriter output)
    {
        var partition = LogPartition.Events(number);
        var owner = await log.OpenAsync(partition, CancellationToken.None);
        var grain = GrainId.Create("counter", number.ToString());
        var state = new GrainState<long>();
        await storage.ReadStateAsync("count", grain, state);
        for (var offset = owner.NextOffset; ;)
        {
            var id = Guid.NewGuid();
            var count = random.Next(1, 200);
            var payload = Encoding.UTF8.GetBytes($"{id} ".PadRight(random.Next(40, 20_000), 'x'));
            switch (await log.AppendAsync(partition, owner.Epoch, offset, new LogBatch(count, payload), CancellationToken.None))
            {
                case AppendOutcome.Appended:
                    await output.WriteLineAsync($"appended {number} {offset} {count} {id}");
                    offset += count;
                    break;
                case AppendOutcome.Full:
                    await output.WriteLineAsync($"full {number}");
                    break;
                default:
                    await output.WriteLineAsync($"unknown {number}");
                    return;
            }

            state.State++;
            await output.WriteLineAsync($"writing {number} {state.State}");
            await storage.WriteStateAsync("count", grain, state);
            await output.WriteLineAsync($"written {number} {state.State}");
        }
    }
}
