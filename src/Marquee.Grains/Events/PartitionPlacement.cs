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
internal sealed class PartitionPlacementDirector(PartitionOwners owners) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context) =>
        Task.FromResult(owners.Among(context.GetCompatibleSilos(target))[(int)target.GrainIdentity.GetIntegerKey()]);
}
