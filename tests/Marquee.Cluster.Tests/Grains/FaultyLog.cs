using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Marquee.Storage.Events;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>A log that can be told to answer the next appends otherwise than they went.</summary>
internal sealed class FaultyLog(IPartitionLog inner) : IPartitionLog, IAsyncDisposable
{
    private readonly ConcurrentQueue<Fault> _faults = new();
    private readonly ConcurrentQueue<Fault> _catalogueFaults = new();
    private Gate? _held;

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

    /// <summary>The next append of events goes wrong.</summary>
    public void Next(Fault fault) => _faults.Enqueue(fault);

    /// <summary>The next append of catalogue changes goes wrong.</summary>
    public void NextOfCatalogue(Fault fault) => _catalogueFaults.Enqueue(fault);

    /// <summary>Keeps every reading waiting until what it answers is disposed.</summary>
    public Gate HoldReads() => _held = new Gate();

    public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken) =>
        inner.OpenAsync(partition, cancellationToken);

    public async ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        if (!(partition.Name.StartsWith("events/", StringComparison.Ordinal) ? _faults : _catalogueFaults).TryDequeue(out var fault))
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

    public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await (_held?.Pass(cancellationToken) ?? Task.CompletedTask);
        await foreach (var batch in inner.ReadAsync(partition, from, cancellationToken))
        {
            yield return batch;
        }
    }

    public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken) =>
        inner.TruncateAsync(partition, epoch, before, cancellationToken);

    public ValueTask DisposeAsync() => ((IAsyncDisposable)inner).DisposeAsync();
}
