using System.IO.Hashing;
using System.Text;
using Marquee.Engine.Events;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Events;

/// <summary>Whose share each partition is. All who know the same silos agree. Thread-safe.</summary>
internal sealed class PartitionOwners(IOptions<MarqueeOptions> options)
{
    /// <summary>The newest answer: silos change rarely, and every viewer that comes up asks.</summary>
    private volatile Division _newest = new([], []);

    /// <summary>The silo of each partition.</summary>
    /// <param name="silos">The silos that can hold partitions, in any order; at least one.</param>
    public IReadOnlyList<SiloAddress> Among(SiloAddress[] silos)
    {
        var newest = _newest;
        if (!newest.Silos.AsSpan().SequenceEqual(silos))
        {
            _newest = newest = new Division([.. silos], Divide(silos));
        }

        return newest.Owners;
    }

    private SiloAddress[] Divide(SiloAddress[] silos)
    {
        SiloAddress[] ordered = [.. silos.Order()];
        var numbers = Array.ConvertAll(ordered, silo => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(silo.ToParsableString())));
        return Array.ConvertAll(PartitionShares.Divide(numbers, options.Value.PartitionCount), owner => ordered[owner]);
    }

    private sealed record Division(SiloAddress[] Silos, SiloAddress[] Owners);
}
