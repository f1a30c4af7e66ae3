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
        var erasedBefore = partition.State.Erased.LastOf(userKey) + 1;
        var offsets = partition.State.Tail.After(userKey, after);
        if (offsets.Count == 0)
        {
            return new UserTail([], position, firstOffset, ErasedBefore: erasedBefore);
        }

        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        var events = ImmutableArray.CreateBuilder<LoggedEvent>(offsets.Count);
        while (events.Count < offsets.Count)
        {
            await ReadOn(offsets, events, timeout.Token);
        }

        return new UserTail(events.MoveToImmutable(), position, firstOffset, ErasedBefore: erasedBefore);
    }

    /// <summary>Reads the batch that holds the next wanted offset, and those after it for as long as each holds another.</summary>
    private async Task ReadOn(IReadOnlyList<long> offsets, ImmutableArray<LoggedEvent>.Builder events, CancellationToken cancellationToken)
    {
        var first = events.Count;
        await foreach (var batch in log.ReadAsync(partition.Name, offsets[first], cancellationToken))
        {
            var next = events.Count;
            if (batch.FirstOffset > offsets[next])
            {
                // A checkpoint came in between: the viewer's snapshot has it now.
                throw new LogTruncatedException(partition.Name, offsets[next], batch.FirstOffset);
            }

            var end = next;
            while (end < offsets.Count && offsets[end] < batch.FirstOffset + batch.Count)
            {
                end++;
            }

            if (end > next)
            {
                Take(batch, offsets, next, end, events);
            }

            if (end == next || end == offsets.Count)
            {
                return;
            }
        }

        if (events.Count > first)
        {
            return;
        }

        throw new StoreDamagedException(
            $"partition {partition.Name}, offset {offsets[first]}",
            "an entry",
            "none",
            "Stop the node and run 'marquee log verify'.");
    }

    private static void Take(in StoredBatch batch, IReadOnlyList<long> offsets, int next, int end, ImmutableArray<LoggedEvent>.Builder events)
    {
        var wanted = new int[end - next];
        for (var i = 0; i < wanted.Length; i++)
        {
            wanted[i] = (int)(offsets[next + i] - batch.FirstOffset);
        }

        var entries = LogEntryCodec.DecodeSome(batch.Payload.Span, wanted);
        for (var i = 0; i < wanted.Length; i++)
        {
            events.Add(new LoggedEvent(offsets[next + i], entries[i].Event?.ToMessage()));
        }
    }
}
