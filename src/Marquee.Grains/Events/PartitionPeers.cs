using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Grains.Operations;

namespace Marquee.Grains.Events;

/// <summary>Knows which other silo should run a partition, and asks several partitions of one there in one call.</summary>
internal interface IPartitionPeers
{
    /// <inheritdoc cref="IPartitionSilos.FindOther"/>
    SiloAddress? FindOther(int partition);

    /// <inheritdoc cref="Contracts.Operations.IPeerService.TakeChangedNeighbours"/>
    /// <exception cref="Exception">The silo does not answer, or is not there.</exception>
    Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(SiloAddress silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most);

    /// <inheritdoc cref="Contracts.Operations.IPeerService.ReadNeighbours"/>
    /// <exception cref="Exception">The silo, or one of the partitions, does not answer.</exception>
    Task<ImmutableArray<NeighbourShareMessage>> ReadNeighbours(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds);

    /// <inheritdoc cref="Contracts.Operations.IPeerService.ReadTitles"/>
    /// <exception cref="Exception">The silo, or one of the partitions, does not answer, or the silo is of a build that cannot be asked.</exception>
    Task<ImmutableArray<TitleChangeMessage>> ReadTitles(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds);
}

/// <inheritdoc cref="IPartitionPeers"/>
internal sealed class PartitionPeers(IPartitionSilos partitions, PeerServiceClient peers) : IPartitionPeers
{
    /// <inheritdoc/>
    public SiloAddress? FindOther(int partition) => partitions.FindOther(partition);

    /// <inheritdoc/>
    public Task<ImmutableArray<ChangedNeighbours?>> TakeChangedNeighbours(SiloAddress silo, string tenant, ImmutableArray<ChangedNeighboursQuestion> questions, int most) =>
        peers.TakeChangedNeighbours(silo, tenant, questions, most);

    /// <inheritdoc/>
    public Task<ImmutableArray<NeighbourShareMessage>> ReadNeighbours(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        peers.ReadNeighbours(silo, tenant, partitions, titleIds);

    /// <inheritdoc/>
    public Task<ImmutableArray<TitleChangeMessage>> ReadTitles(SiloAddress silo, string tenant, ImmutableArray<int> partitions, ImmutableArray<string> titleIds) =>
        peers.ReadTitles(silo, tenant, partitions, titleIds);
}
