using System.Text;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Marquee.Tests.Storage.Snapshots;

namespace Marquee.Tests.Storage.Embedded;

/// <summary>Everything that a data directory holds, as text to compare.</summary>
internal static class StoreContent
{
    public const int Partitions = 5;
    public const string StateName = "taste";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Writes a small directory with a bit of everything: several epochs, truncations, long and short payloads, replaced and cleared states.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="beforeClosing">Called with everything acknowledged and the stores still open.</param>
    public static async Task WriteAsync(string directory, Action? beforeClosing = null)
    {
        using var data = DataDirectory.Open(directory, 64);
        await using var log = new SqlitePartitionLog(directory, new SqliteStorageOptions());
        await using var storage = StateStores.Open(directory);
        var random = new Random(3);
        for (var round = 0; round < 3; round++)
        {
            for (var number = 0; number < Partitions; number++)
            {
                await AppendAsync(log, LogPartition.Events(number), round, random);
                await storage.WriteStateAsync(StateName, GrainId.Create("user", $"new{round}.{number}"), new HeldState(new TasteState { Plays = number }));
                await RewriteAsync(storage, number, round);
            }

            await ClearAsync(storage, $"new{round}.0");
        }

        // The last deletion empties the write-ahead log, a moment after it is answered: what follows is to be in there.
        while (new FileInfo(Path.Combine(directory, "state.db-wal")).Length > 0)
        {
            await Task.Delay(10, Cancellation);
        }

        await RewriteAsync(storage, 3, 3);
        await RewriteAsync(storage, 4, 3);
        beforeClosing?.Invoke();
    }

    /// <summary>Opens the directory and reads everything.</summary>
    /// <exception cref="StoreDamagedException">Some of it is not what was written.</exception>
    public static async Task<string> ReadAsync(string directory)
    {
        var content = new StringBuilder();
        await using (var log = new SqlitePartitionLog(directory, new SqliteStorageOptions()))
        {
            for (var number = 0; number < Partitions; number++)
            {
                var partition = LogPartition.Events(number);
                await foreach (var batch in log.ReadAsync(partition, 0, Cancellation))
                {
                    content.AppendLine($"{partition} {batch.FirstOffset} {batch.Count} {batch.Epoch} {Convert.ToHexString(batch.Payload.Span)}");
                }

                content.AppendLine($"{partition} {await log.OpenAsync(partition, Cancellation)}");
            }
        }

        await using var storage = StateStores.Open(directory);
        await foreach (var (grainId, payload) in storage.ReadAllAsync(StateName, Cancellation))
        {
            var state = new HeldState();
            await storage.ReadStateAsync(StateName, GrainId.Parse(grainId), state);
            content.AppendLine($"{grainId} {state.ETag} {state.State.Plays} {Convert.ToHexString(payload.Span)}");
        }

        return content.ToString();
    }

    /// <summary>Adds a state to a directory.</summary>
    public static async Task WriteMoreStatesAsync(string directory)
    {
        await using var storage = StateStores.Open(directory);
        await storage.WriteStateAsync(StateName, GrainId.Create("user", "more"), new HeldState());
    }

    private static async Task AppendAsync(SqlitePartitionLog log, LogPartition partition, int round, Random random)
    {
        var owner = await log.OpenAsync(partition, Cancellation);
        var offset = owner.NextOffset;
        for (var i = 0; i < 6; i++)
        {
            var payload = new byte[i == 3 ? 6_000 : random.Next(1, 400)];
            random.NextBytes(payload);
            var count = random.Next(1, 9);
            Assert.Equal(AppendOutcome.Appended, await log.AppendAsync(partition, owner.Epoch, offset, new LogBatch(count, payload), Cancellation));
            offset += count;
        }

        if (round == 1)
        {
            Assert.True(await log.TruncateAsync(partition, owner.Epoch, owner.NextOffset, Cancellation));
        }
    }

    private static async Task ClearAsync(SqliteGrainStorage storage, string user)
    {
        var state = new HeldState();
        await storage.ReadStateAsync(StateName, GrainId.Create("user", user), state);
        await storage.ClearStateAsync(StateName, GrainId.Create("user", user), state);
    }

    private static async Task RewriteAsync(SqliteGrainStorage storage, int number, int round)
    {
        var grain = GrainId.Create("user", $"u{number}");
        var state = new HeldState();
        await storage.ReadStateAsync(StateName, grain, state);
        state.State = new TasteState { Plays = round, Embedding = [.. Enumerable.Range(0, 700 * number).Select(i => (float)i * round)] };
        await storage.WriteStateAsync(StateName, grain, state);
    }
}
