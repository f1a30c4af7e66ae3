using System.Runtime.CompilerServices;
using Marquee.Storage.Events;
using Marquee.Tests.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>The simulated store keeps what every partition log keeps, when nothing goes wrong.</summary>
public sealed class SimulatedStoreConformanceTests : LogConformance
{
    private readonly StoreAlone _log = new();

    protected override IPartitionLog Create() => _log;

    protected override ValueTask CloseAsync(IPartitionLog log)
    {
        _log.Restart();
        return ValueTask.CompletedTask;
    }

    /// <summary>The store without links; called by one at a time.</summary>
    private sealed class StoreAlone : IPartitionLog
    {
        private readonly Lock _lock = new();
        private readonly EventLoop _loop = new();
        private readonly SimulatedStore _store;

        public StoreAlone()
        {
            var trace = new Trace(_loop);
            _store = new SimulatedStore(new SimulatedDisk(new Faults(1, trace), FaultRates.None, trace), _loop, trace);
        }

        /// <summary>Everything acknowledged was synced, so a death is as good as a stop.</summary>
        public void Restart() => _store.Die(TimeSpan.Zero);

        public ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken)
        {
            partition.Validate();
            lock (_lock)
            {
                return new(_store.Claim(partition));
            }
        }

        public ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (_lock)
            {
                return new(_store.Append(partition, epoch, expectedOffset, batch));
            }
        }

        public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            for (var (position, isContinuation) = (from, false); ; isContinuation = true)
            {
                await Task.Yield();
                List<StoredBatch> read;
                lock (_lock)
                {
                    read = _store.Read(partition, position, isContinuation, most: 1);
                }

                if (read is not [var batch])
                {
                    yield break;
                }

                yield return batch;
                position = batch.FirstOffset + batch.Count;
            }
        }

        public ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
        {
            lock (_lock)
            {
                return new(_store.Truncate(partition, epoch, before));
            }
        }
    }
}
