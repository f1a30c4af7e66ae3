using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Events;

/// <summary>The grains of one kind that are active on this silo, by the partition of their keys. Thread-safe.</summary>
internal abstract class LocalGrains(IOptions<MarqueeOptions> options)
{
    private readonly ConcurrentDictionary<GrainId, IGrainContext>[] _byPartition =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(_ => new ConcurrentDictionary<GrainId, IGrainContext>(concurrencyLevel: 2, capacity: 7))];

    /// <summary>The keys of a partition's grains.</summary>
    public IEnumerable<string> Of(int partition) => _byPartition[partition].Keys.Select(grain => grain.Key.ToString()!);

    /// <summary>A partition's grain, if it is active here.</summary>
    public IGrainContext? Find(int partition, GrainId grain) => _byPartition[partition].GetValueOrDefault(grain);

    /// <summary>Has grains of a partition move to where their place is now, at most so many. Those that move are no longer among these when they have left.</summary>
    /// <returns>How many were told to.</returns>
    public int Move(int partition, int most)
    {
        var moved = 0;
        foreach (var (_, grain) in _byPartition[partition])
        {
            if (moved == most)
            {
                break;
            }

            grain.Migrate(requestContext: null);
            moved++;
        }

        return moved;
    }

    internal void Add(int partition, IGrainContext grain) => _byPartition[partition][grain.GrainId] = grain;

    /// <summary>Another activation of the same grain, which came up meanwhile, stays.</summary>
    internal void Remove(int partition, IGrainContext grain) => _byPartition[partition].TryRemove(KeyValuePair.Create(grain.GrainId, grain));
}

/// <summary>The viewers that are active on this silo.</summary>
internal sealed class LocalViewers(IOptions<MarqueeOptions> options) : LocalGrains(options);

/// <summary>The titles that are active on this silo.</summary>
internal sealed class LocalTitles(IOptions<MarqueeOptions> options) : LocalGrains(options);
