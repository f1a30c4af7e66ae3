using System.Collections.Concurrent;

namespace Marquee.Grains.Events;

/// <summary>The partitions that run on this silo. Thread-safe.</summary>
public sealed class LocalPartitions(IGrainFactory grains)
{
    private readonly ConcurrentDictionary<int, IGrainContext> _contexts = new();

    /// <summary>Their numbers, in no order.</summary>
    public IEnumerable<int> Numbers => _contexts.Keys;

    /// <summary>Stores what they hold, so that whoever takes them over has next to nothing to replay and nobody to tell.</summary>
    public Task Checkpoint() => Task.WhenAll(Numbers.Select(Checkpoint));

    /// <summary>Lets a partition go: the next call brings it up where its place is now.</summary>
    internal async Task Release(int partition)
    {
        await Checkpoint(partition);
        if (_contexts.TryGetValue(partition, out var context))
        {
            context.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The partition is another silo's share."));
            await context.Deactivated;
        }
    }

    internal void Add(int partition, IGrainContext context) => _contexts[partition] = context;

    internal void Remove(int partition, IGrainContext context) => _contexts.TryRemove(KeyValuePair.Create(partition, context));

    private Task Checkpoint(int partition) => grains.GetGrain<Contracts.Events.IEventPartitionGrain>(partition).Checkpoint();
}
