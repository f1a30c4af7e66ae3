using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Grains.Events;

/// <summary>Reads a user's entries out of the partition's tail: the one repair path of user state.</summary>
internal sealed class UserTailReader(IPartitionLog log, OpenPartition partition, TimeProvider time)
{
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    public async Task<UserTail> Read(string userKey, long after)
    {
        // Fixed before the first await: what is committed later belongs to a later reading.
        var (position, firstOffset) = (partition.Position, partition.State.Tail.FirstOffset);
        var offsets = partition.State.Tail.After(userKey, after);
        if (offsets.Count == 0)
        {
            return new UserTail([], position, firstOffset);
        }

        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        var events = ImmutableArray.CreateBuilder<LoggedEvent>(offsets.Count);
        for (var i = 0; i < offsets.Count;)
        {
            i = await ReadBatch(offsets, i, events, timeout.Token);
        }

        return new UserTail(events.DrainToImmutable(), position, firstOffset);
    }

    /// <summary>Reads the batch that holds one wanted offset, and takes every wanted entry in it.</summary>
    /// <returns>The index of the next wanted offset.</returns>
    private async Task<int> ReadBatch(IReadOnlyList<long> offsets, int next, ImmutableArray<LoggedEvent>.Builder events, CancellationToken cancellationToken)
    {
        await foreach (var batch in log.ReadAsync(partition.Name, offsets[next], cancellationToken))
        {
            if (batch.FirstOffset > offsets[next])
            {
                // A checkpoint came in between: the viewer's snapshot has it now.
                throw new LogTruncatedException(partition.Name, offsets[next], batch.FirstOffset);
            }

            var entries = LogEntryCodec.Decode(batch.Payload.Span).Entries;
            while (next < offsets.Count && offsets[next] < batch.FirstOffset + batch.Count)
            {
                events.Add(new LoggedEvent(offsets[next], entries[(int)(offsets[next] - batch.FirstOffset)].Event?.ToMessage()));
                next++;
            }

            return next;
        }

        throw new StoreDamagedException(
            $"partition {partition.Name}, offset {offsets[next]}",
            "an entry",
            "none",
            "Stop the node and run 'marquee log verify'.");
    }
}
