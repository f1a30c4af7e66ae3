using System.IO.Hashing;
using System.Text;
using Marquee.Engine.Events;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Marquee.Grains.Events;

/// <summary>Places each partition on the silo whose share it is.</summary>
[GenerateSerializer, Immutable, Alias("marquee.partition-placement")]
internal sealed class PartitionPlacement : PlacementStrategy
{
    public static PartitionPlacement Instance { get; } = new();
}

/// <summary>The grain is placed by <see cref="PartitionPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class PartitionPlacementAttribute() : PlacementAttribute(PartitionPlacement.Instance);

/// <summary>Decides whose share a partition is.</summary>
internal sealed class PartitionPlacementDirector(IOptions<MarqueeOptions> options) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(Owners(context.GetCompatibleSilos(target))[target.GrainIdentity.GetIntegerKey()]);

    /// <summary>The silo of each partition.</summary>
    /// <param name="silos">The silos that can hold partitions, in any order; at least one.</param>
    public SiloAddress[] Owners(IEnumerable<SiloAddress> silos)
    {
        SiloAddress[] ordered = [.. silos.Order()];
        var numbers = Array.ConvertAll(ordered, silo => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(silo.ToParsableString())));
        return Array.ConvertAll(PartitionShares.Divide(numbers, options.Value.PartitionCount), owner => ordered[owner]);
    }
}
