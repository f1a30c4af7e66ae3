using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Users;

/// <summary>The viewers that are active on this silo, by partition. Thread-safe.</summary>
internal sealed class LocalViewers(IOptions<MarqueeOptions> options)
{
    private readonly ConcurrentDictionary<IGrainContext, byte>[] _byPartition =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(_ => new ConcurrentDictionary<IGrainContext, byte>(concurrencyLevel: 2, capacity: 7, ReferenceEqualityComparer.Instance))];

    /// <summary>The keys of a partition's viewers.</summary>
    public IEnumerable<string> Of(int partition) => _byPartition[partition].Keys.Select(viewer => viewer.GrainId.Key.ToString()!);

    /// <summary>Has viewers of a partition move to where their place is now, at most so many. Those that move are no longer among these when they have left.</summary>
    /// <returns>How many were told to.</returns>
    public int Move(int partition, int most)
    {
        var moved = 0;
        foreach (var (viewer, _) in _byPartition[partition])
        {
            if (moved == most)
            {
                break;
            }

            viewer.Migrate(requestContext: null);
            moved++;
        }

        return moved;
    }

    internal void Add(int partition, IGrainContext viewer) => _byPartition[partition][viewer] = 0;

    internal void Remove(int partition, IGrainContext viewer) => _byPartition[partition].TryRemove(viewer, out _);
}
