using System.Collections.Concurrent;
using Marquee.Storage.Events;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>A log that can be told to answer the next appends otherwise than they went.</summary>
internal sealed class FaultyLog(IPartitionLog inner) : IPartitionLog, IAsyncDisposable
{
    private readonly ConcurrentQueue<Fault> _faults = new();

    public enum Fault
    {
        /// <summary>Written, but the answer is lost.</summary>
        LandedUnknown,

        /// <summary>Not written, and nobody knows.</summary>
        LostUnknown,

        /// <summary>Another writer has opened the partition meanwhile.</summary>
        Fenced,

        /// <summary>No room.</summary>
        Full,
    }

    public void Next(Fault fault) => _faults.Enqueue(fault);

    public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken) =>
        inner.OpenAsync(partition, cancellationToken);

    public async ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        if (!partition.Name.StartsWith("events/", StringComparison.Ordinal) || !_faults.TryDequeue(out var fault))
        {
            return await inner.AppendAsync(partition, epoch, expectedOffset, batch, cancellationToken);
        }

        switch (fault)
        {
            case Fault.LandedUnknown:
                await inner.AppendAsync(partition, epoch, expectedOffset, batch, cancellationToken);
                return AppendOutcome.Unknown;
            case Fault.LostUnknown:
                return AppendOutcome.Unknown;
            case Fault.Fenced:
                await inner.OpenAsync(partition, cancellationToken);
                return await inner.AppendAsync(partition, epoch, expectedOffset, batch, cancellationToken);
            default:
                return AppendOutcome.Full;
        }
    }

    public IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, CancellationToken cancellationToken) =>
        inner.ReadAsync(partition, from, cancellationToken);

    public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken) =>
        inner.TruncateAsync(partition, epoch, before, cancellationToken);

    public ValueTask DisposeAsync() => ((IAsyncDisposable)inner).DisposeAsync();
}
