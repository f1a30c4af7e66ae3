using Marquee.Contracts.Events;
using Marquee.Grains.Titles;
using Marquee.Grains.Users;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace Marquee.Grains.Events;

/// <summary>
/// Places a grain on the silo whose share the partition of its key is. A viewer is beside its own events: what is committed
/// there is handed over within the process. A title hears from all partitions; who has news of many knows from their keys which
/// silo they are on, and sends it one call.
/// </summary>
[GenerateSerializer, Immutable, Alias("marquee.beside-partition")]
internal sealed class BesidePartition : PlacementStrategy
{
    public static BesidePartition Instance { get; } = new();

    /// <summary>Whether a silo places the grains of a type so. One that was built before there was this placement lets Orleans move them; this one does not.</summary>
    public static bool IsPlaceOf(GrainType type, GrainManifest silo) =>
        silo.Grains.TryGetValue(type, out var grain) && grain.Properties.ContainsKey(WellKnownGrainTypeProperties.Immovable);
}

/// <summary>Says of viewers and titles that they are placed by <see cref="BesidePartition"/>.</summary>
/// <remarks>
/// An attribute of the grain would say so to every silo of the cluster, and one that was built before there was this placement
/// could then place no such grain at all: a rolling upgrade would fail. So each silo says it to itself.
/// </remarks>
internal sealed class BesidePartitionResolver : IPlacementStrategyResolver
{
    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, out PlacementStrategy result)
    {
        result = BesidePartition.Instance;
        return grainType == UserGrain.Type || grainType == TitleGrain.Type;
    }
}

/// <summary>Finds the silo whose share the partition of a key is.</summary>
internal sealed class BesidePartitionDirector(PartitionOwners owners, IOptions<MarqueeOptions> options) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var (tenant, id) = GrainKeys.Parse(target.GrainIdentity.Key.ToString()!);
        return Task.FromResult(owners.Among(context.GetCompatibleSilos(target))[PartitionHash.Of(tenant, id, options.Value.PartitionCount)]);
    }
}
