using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Grains.Operations;

namespace Marquee.Grains.Catalogue;

/// <summary>Knows which other silo should run a partition, and asks about the neighbours of several partitions of one there in one call.</summary>
internal interface INeighbourSilos
{
    /// <inheritdoc cref="IPartitionSilos.FindOther"/>
    SiloAddress? FindOther(int partition);

    /// <inheritdoc cref="Contracts.Operations.IPeerService.TakeChangedNeighbours"/>
    /// <exception cref="Exception">The silo does not answer, or is not there.</exception>
    Task<ImmutableArray<ChangedNeighbours?>> TakeChanged(SiloAddress silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most);

    /// <inheritdoc cref="Contracts.Operations.IPeerService.ReadNeighbours"/>
    /// <exception cref="Exception">The silo, or one of the partitions, does not answer.</exception>
    Task<ImmutableArray<NeighbourShareMessage>> Read(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds);
}

/// <inheritdoc cref="INeighbourSilos"/>
internal sealed class NeighbourSilos(IPartitionSilos partitions, PeerServiceClient peers) : INeighbourSilos
{
    /// <inheritdoc/>
    public SiloAddress? FindOther(int partition) => partitions.FindOther(partition);

    /// <inheritdoc/>
    public Task<ImmutableArray<ChangedNeighbours?>> TakeChanged(SiloAddress silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most) =>
        peers.TakeChangedNeighbours(silo, tenant, questions, most);

    /// <inheritdoc/>
    public Task<ImmutableArray<NeighbourShareMessage>> Read(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        peers.ReadNeighbours(silo, tenant, partitions, titleIds);
}
