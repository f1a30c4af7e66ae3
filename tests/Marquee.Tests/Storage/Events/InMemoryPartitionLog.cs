using System.Runtime.CompilerServices;
using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

/// <summary>A partition log that forgets at the end of the process; the plain version of the others.</summary>
internal sealed class InMemoryPartitionLog : IPartitionLog
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LogPartition, Retained> _partitions = [];

    public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken)
    {
        partition.Validate();
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var retained))
            {
                _partitions[partition] = retained = new Retained();
            }

            return new(new PartitionOwnership(++retained.Epoch, retained.FirstOffset, retained.NextOffset));
        }
    }

    public ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        partition.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var retained) || retained.Epoch != epoch)
            {
                return new(AppendOutcome.Fenced);
            }

            if (retained.NextOffset != expectedOffset)
            {
                throw new UnexpectedOffsetException(partition, retained.NextOffset, expectedOffset);
            }

            retained.Batches.Add(new StoredBatch(epoch, expectedOffset, batch.Count, batch.Payload.ToArray()));
            retained.NextOffset += batch.Count;
            return new(AppendOutcome.Appended);
        }
    }

    public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        partition.Validate();
        for (var (position, isContinuation) = (from, false); Next(partition, position, isContinuation) is { } batch; isContinuation = true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return batch;
            position = batch.FirstOffset + batch.Count;
            await Task.Yield();
        }
    }

    public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
    {
        partition.Validate();
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var retained) || retained.Epoch != epoch)
            {
                return new(false);
            }

            retained.Batches.RemoveAll(batch => batch.FirstOffset + batch.Count <= before);
            retained.FirstOffset = retained.Batches is [var first, ..] ? first.FirstOffset : retained.NextOffset;
            return new(true);
        }
    }

    private StoredBatch? Next(LogPartition partition, long position, bool isContinuation)
    {
        lock (_lock)
        {
            if (!_partitions.TryGetValue(partition, out var retained))
            {
                return null;
            }

            if (isContinuation && position < retained.FirstOffset)
            {
                throw new LogTruncatedException(partition, position, retained.FirstOffset);
            }

            var index = retained.Batches.FindIndex(batch => batch.FirstOffset + batch.Count > position);
            return index < 0 ? null : retained.Batches[index];
        }
    }

    private sealed class Retained
    {
        public long Epoch { get; set; }

        public long FirstOffset { get; set; }

        public long NextOffset { get; set; }

        public List<StoredBatch> Batches { get; } = [];
    }
}
