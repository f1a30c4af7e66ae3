using Marquee.Engine.Events;
using Marquee.Storage.Events;

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

        // The claim comes first: what is read afterwards cannot change any more, except through this activation.
        var ownership = await log.OpenAsync(name, cancellationToken);
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

        return new OpenPartition(number, ownership.Epoch, state)
        {
            SnapshotOffset = snapshotOffset,
            FirstOffset = ownership.FirstOffset,
        };
    }
}
