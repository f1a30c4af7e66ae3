using Marquee.Engine.Events;
using Marquee.Storage.Events;
using Orleans.Storage;

namespace Marquee.Grains.Events;

/// <summary>Opens a partition: takes the claim, reads the newest snapshot, replays the log's tail.</summary>
internal static class PartitionRecovery
{
    /// <exception cref="StoreDamagedException">Neither snapshot nor log can give the state back.</exception>
    public static async Task<OpenPartition> Open(
        IPartitionLog log,
        PartitionSnapshots snapshots,
        int number,
        MarqueeOptions options,
        CancellationToken cancellationToken)
    {
        var name = LogPartition.Events(number);

        // The claim comes first: what is read afterwards cannot change any more, unless another activation claims it too.
        var ownership = await log.OpenAsync(name, cancellationToken);
        try
        {
            var (state, snapshotOffset) = await Read(log, snapshots, name, ownership, options, cancellationToken);
            return new OpenPartition(number, ownership.Epoch, state)
            {
                SnapshotOffset = snapshotOffset,
                FirstOffset = ownership.FirstOffset,
            };
        }
        catch (Exception exception) when (exception is StoreDamagedException or InvalidDataException)
        {
            if (await log.TruncateAsync(name, ownership.Epoch, before: 0, cancellationToken))
            {
                throw;
            }

            // The next owner has been writing while this one was reading: no damage, but two readings that do not fit.
            throw new InconsistentStateException($"Partition {name} was taken over under a later epoch than {ownership.Epoch} while it was being opened.", exception);
        }
    }

    private static async Task<(PartitionState State, long SnapshotOffset)> Read(
        IPartitionLog log,
        PartitionSnapshots snapshots,
        LogPartition name,
        PartitionOwnership ownership,
        MarqueeOptions options,
        CancellationToken cancellationToken)
    {
        var state = await snapshots.Read(options.Partitions, ownership.FirstOffset);
        var snapshotOffset = state.NextOffset;
        await foreach (var batch in log.ReadAsync(name, state.Tail.FirstOffset, cancellationToken))
        {
            state.Replay(batch.FirstOffset, LogEntryCodec.Decode(batch.Payload.Span));
        }

        if (state.NextOffset != ownership.NextOffset || state.Tail.NextOffset != ownership.NextOffset)
        {
            throw new StoreDamagedException(
                $"partition {name}",
                $"a log that ends before offset {ownership.NextOffset}",
                $"snapshot and log that end before {state.Tail.NextOffset}",
                "Restore the data directory from a backup.");
        }

        return (state, snapshotOffset);
    }
}
