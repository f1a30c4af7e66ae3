using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Grains.Operations;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Titles;

/// <summary>Knows on which other silo a title should be, and takes news of several titles of one there in one call.</summary>
internal interface ITitleSilos
{
    /// <summary>The silo that the title should be on; null when that is this silo, or one that was built before it could be told of several.</summary>
    SiloAddress? FindOther(string tenant, string titleId);

    /// <inheritdoc cref="TitlePublisher.Publish"/>
    /// <exception cref="Exception">The silo does not answer, or is not there.</exception>
    Task<TitlesPublished> Publish(SiloAddress silo, string tenant, ImmutableArray<TitleChangeMessage> changes);
}

/// <inheritdoc cref="ITitleSilos"/>
internal sealed class TitleSilos(IPartitionSilos partitions, PeerServiceClient peers, IOptions<MarqueeOptions> options) : ITitleSilos
{
    /// <inheritdoc/>
    public SiloAddress? FindOther(string tenant, string titleId) =>
        partitions.FindOther(PartitionHash.Of(tenant, titleId, options.Value.PartitionCount));

    /// <inheritdoc/>
    public Task<TitlesPublished> Publish(SiloAddress silo, string tenant, ImmutableArray<TitleChangeMessage> changes) =>
        peers.Publish(silo, tenant, changes);
}
