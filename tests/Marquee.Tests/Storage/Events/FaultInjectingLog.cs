using System.Collections.Concurrent;
using Marquee.Storage.Events;

namespace Marquee.Tests.Storage.Events;

/// <summary>A log whose next appends go wrong as planned. Without a plan it is the log within.</summary>
internal sealed class FaultInjectingLog(IPartitionLog inner) : IPartitionLog
{
    private readonly ConcurrentQueue<(LogPartition? Partition, AppendFault Fault)> _plan = new();

    /// <summary>Completes when an append is held by <see cref="AppendFault.Hold"/>.</summary>
    public TaskCompletionSource Held { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completed by the test to let a held append go on.</summary>
    public TaskCompletionSource Release { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Plans the fault of the next append, of one partition or of any.</summary>
    public void Plan(AppendFault fault, LogPartition? partition = null)
    {
        if (fault == AppendFault.Hold)
        {
            Held = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        _plan.Enqueue((partition, fault));
    }

    public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken)
        => inner.OpenAsync(partition, cancellationToken);

    public async ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        var fault = AppendFault.None;
        if (_plan.TryPeek(out var planned) && (planned.Partition is null || planned.Partition == partition))
        {
            _plan.TryDequeue(out planned);
            fault = planned.Fault;
        }

        switch (fault)
        {
            case AppendFault.Full:
                return AppendOutcome.Full;
            case AppendFault.UnknownNotLanded:
                return AppendOutcome.Unknown;
            case AppendFault.UnknownButLanded:
                await inner.AppendAsync(partition, epoch, expectedOffset, batch, cancellationToken);
                return AppendOutcome.Unknown;
            case AppendFault.Fence:
                await inner.OpenAsync(partition, cancellationToken);
                break;
            case AppendFault.Hold:
                Held.TrySetResult();
                await Release.Task.WaitAsync(cancellationToken);
                break;
            default:
                break;
        }

        return await inner.AppendAsync(partition, epoch, expectedOffset, batch, cancellationToken);
    }

    public IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, CancellationToken cancellationToken)
        => inner.ReadAsync(partition, from, cancellationToken);

    public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
        => inner.TruncateAsync(partition, epoch, before, cancellationToken);
}

/// <summary>How an append goes wrong.</summary>
internal enum AppendFault
{
    None,

    /// <summary>The store has no room.</summary>
    Full,

    /// <summary>It lands, and the answer is lost.</summary>
    UnknownButLanded,

    /// <summary>It does not land, and nobody knows.</summary>
    UnknownNotLanded,

    /// <summary>Another writer opens the partition just before.</summary>
    Fence,

    /// <summary>It waits for <see cref="FaultInjectingLog.Release"/>.</summary>
    Hold,
}
