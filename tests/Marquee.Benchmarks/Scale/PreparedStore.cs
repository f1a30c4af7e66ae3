using System.Buffers;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Grains.Events;
using Marquee.Storage;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;
using Orleans.Storage;
using PartitionHash = Marquee.Contracts.Events.PartitionHash;

namespace Marquee.Benchmarks.Scale;

/// <summary>A data directory as a node with a long past leaves it, made through the stores' own classes.</summary>
/// <remarks>
/// The past before the snapshots is not written event by event: each partition's state is folded from a few events per user, and
/// says that it stands at the offset that the whole past would have reached. Snapshots and log then are what a node would find.
/// </remarks>
internal sealed class PreparedStore : IAsyncDisposable
{
    public const int Partitions = 64;

    /// <summary>Events of a batch of the log: about what a busy node's writers gather.</summary>
    private const int BatchEvents = 50;

    private readonly ServiceProvider _services;

    /// <summary>Opens the stores of a directory, which checks every row of the log.</summary>
    public PreparedStore(string directory) =>
        _services = new ServiceCollection().AddSerializer().AddLogging()
            .AddSqliteStorage(new SqliteStorageOptions { Directory = directory, PartitionCount = Partitions }).BuildServiceProvider();

    public IPartitionLog Log => _services.GetRequiredService<IPartitionLog>();

    public static string UserId(int user) => $"user-{user}";

    public PartitionSnapshots SnapshotsOf(int partition) =>
        new(Storage, GrainId.Create(GrainType.Create("event-partition"), GrainIdKeyExtensions.CreateIntegerKey(partition)), new TitleTable(), NullLogger.Instance);

    private IGrainStorage Storage => _services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots);

    /// <summary>Folds a few events per user, and stores each partition's snapshot as standing at its share of the past.</summary>
    /// <param name="world">Makes the events.</param>
    /// <param name="users">How many users are known.</param>
    /// <param name="eventsEach">Events folded per user.</param>
    /// <param name="titles">Among how many titles.</param>
    /// <param name="past">Events before the snapshots, all partitions together.</param>
    public async Task StorePast(GeneratedWorld world, int users, int eventsEach, int titles, long past)
    {
        PartitionState[] states = [.. Enumerable.Range(0, Partitions).Select(_ => new PartitionState(new PartitionStateOptions()))];
        var id = 0;
        for (var each = 0; each < eventsEach; each++)
        {
            for (var user = 0; user < users; user++)
            {
                var engagement = world.Event($"past-{id++}", UserId(user), titles, GeneratedWorld.Now - 1_000_000_000 + id);
                states[PartitionOf(user)].Apply(new LogEntry("default", engagement.UserId, engagement), GeneratedWorld.Now);
            }
        }

        for (var partition = 0; partition < Partitions; partition++)
        {
            var offset = Math.Max(past / Partitions, states[partition].NextOffset);
            await SnapshotsOf(partition).Write(At(offset, states[partition]), offset);

            // One entry of the log stands for all that the snapshot covers, and is let go of, as a checkpoint does.
            var name = LogPartition.Events(partition);
            var epoch = (await Log.OpenAsync(name, default)).Epoch;
            await Append(name, epoch, 0, new LogBatch((int)offset, new byte[1]));
            await Log.TruncateAsync(name, epoch, offset, default);
        }
    }

    /// <summary>Appends events after the snapshots.</summary>
    public async Task AppendTail(GeneratedWorld world, int users, int titles, int events) =>
        await Task.WhenAll(Enumerable.Range(0, Partitions).Select(partition =>
        {
            var inPartition = Enumerable.Range(0, users).Where(user => PartitionOf(user) == partition).Take(10_000).ToArray();
            LogEntry[] entries = [.. Enumerable.Range(0, events / Partitions).Select(i =>
            {
                var user = UserId(inPartition[i * 7919 % inPartition.Length]);
                return new LogEntry("default", user, world.Event($"tail-{partition}-{i}", user, titles, GeneratedWorld.Now + i));
            })];
            return AppendAll(partition, entries);
        }));

    /// <summary>Stores viewers' snapshots: as many events each, of some typical histories in turn.</summary>
    public async Task StoreViewers(GeneratedWorld world, int viewers, int events, int titles, long past)
    {
        byte[][] histories = [.. Enumerable.Range(0, 200).Select(typical =>
        {
            var history = new EngagementHistory(world.Titles);
            foreach (var engagement in world.Events($"{Guid.NewGuid()}", events, titles))
            {
                history.Append(engagement);
            }

            return history.ToBytes();
        })];
        foreach (var chunk in Enumerable.Range(0, viewers).Chunk(2_000))
        {
            await Task.WhenAll(chunk.Select(viewer => Storage.WriteStateAsync(
                "user",
                GrainId.Create("user", "default/" + UserId(viewer)),
                new GrainState<UserSnapshot>(new UserSnapshot { History = histories[viewer % histories.Length], Offset = (past / Partitions) - 1 }))));
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    private static int PartitionOf(int user) => PartitionHash.Of("default", UserId(user), Partitions);

    /// <summary>The same state, standing at a later offset.</summary>
    private static PartitionState At(long offset, PartitionState state)
    {
        var written = new ArrayBufferWriter<byte>();
        state.Write(state.NextOffset, written);
        var reader = new BinaryFormatReader(written.WrittenSpan);
        var moved = new ArrayBufferWriter<byte>(written.WrittenCount + 16);
        var writer = new BinaryFormatWriter(moved);
        writer.Byte(reader.Byte());
        reader.Unsigned();
        reader.Unsigned();
        writer.Unsigned((ulong)offset);
        writer.Unsigned((ulong)offset);
        moved.Write(written.WrittenSpan[^reader.Remaining..]);
        return PartitionState.Read(moved.WrittenSpan, new PartitionStateOptions());
    }

    private async Task AppendAll(int partition, LogEntry[] entries)
    {
        var name = LogPartition.Events(partition);
        var ownership = await Log.OpenAsync(name, default);
        var offset = ownership.NextOffset;
        foreach (var batch in entries.Chunk(BatchEvents))
        {
            var buffer = new ArrayBufferWriter<byte>();
            LogEntryCodec.Encode(batch, GeneratedWorld.Now, buffer);
            await Append(name, ownership.Epoch, offset, new LogBatch(batch.Length, buffer.WrittenMemory));
            offset += batch.Length;
        }
    }

    private async Task Append(LogPartition name, long epoch, long offset, LogBatch batch)
    {
        if (await Log.AppendAsync(name, epoch, offset, batch, default) is not AppendOutcome.Appended and var outcome)
        {
            throw new InvalidOperationException($"{name} could not be prepared: {outcome}.");
        }
    }
}
