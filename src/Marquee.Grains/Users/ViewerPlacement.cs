using Marquee.Contracts.Events;
using Marquee.Grains.Events;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Marquee.Grains.Users;

/// <summary>Places each viewer beside the partition that holds the viewer's events: what is committed there is handed over within the process.</summary>
[GenerateSerializer, Immutable, Alias("marquee.viewer-placement")]
internal sealed class ViewerPlacement : PlacementStrategy
{
    public static ViewerPlacement Instance { get; } = new();
}

/// <summary>The grain is placed by <see cref="ViewerPlacement"/>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ViewerPlacementAttribute() : PlacementAttribute(ViewerPlacement.Instance);

/// <summary>Finds the silo whose share the viewer's partition is.</summary>
internal sealed class ViewerPlacementDirector(PartitionOwners owners, IOptions<MarqueeOptions> options) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var (tenant, userId) = GrainKeys.Parse(target.GrainIdentity.Key.ToString()!);
        return Task.FromResult(owners.Among(context.GetCompatibleSilos(target))[PartitionHash.Of(tenant, userId, options.Value.PartitionCount)]);
    }
}
