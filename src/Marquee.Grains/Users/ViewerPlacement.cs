using Marquee.Contracts.Events;
using Marquee.Grains.Events;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace Marquee.Grains.Users;

/// <summary>Places each viewer beside the partition that holds the viewer's events: what is committed there is handed over within the process.</summary>
[GenerateSerializer, Immutable, Alias("marquee.viewer-placement")]
internal sealed class ViewerPlacement : PlacementStrategy
{
    public static ViewerPlacement Instance { get; } = new();
}

/// <summary>Says of viewers that they are placed by <see cref="ViewerPlacement"/>.</summary>
/// <remarks>
/// An attribute of the grain would say so to every silo of the cluster, and one that was built before there was this placement
/// could then place no viewer at all: a rolling upgrade would fail. So each silo says it to itself.
/// </remarks>
internal sealed class ViewerPlacementResolver : IPlacementStrategyResolver
{
    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, out PlacementStrategy result)
    {
        result = ViewerPlacement.Instance;
        return grainType == UserGrain.Type;
    }
}

/// <summary>Finds the silo whose share the viewer's partition is.</summary>
internal sealed class ViewerPlacementDirector(PartitionOwners owners, IOptions<MarqueeOptions> options) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var (tenant, userId) = GrainKeys.Parse(target.GrainIdentity.Key.ToString()!);
        return Task.FromResult(owners.Among(context.GetCompatibleSilos(target))[PartitionHash.Of(tenant, userId, options.Value.PartitionCount)]);
    }
}
