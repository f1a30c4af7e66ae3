using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Grains.Operations;

namespace Marquee.Grains.Events;

/// <inheritdoc cref="IPartitionSilos"/>
internal sealed class PartitionSilos(PartitionOwners owners, PeerServiceClient peers, PackedForms packed, IClusterMembershipService membership, ILocalSiloDetails silo) : IPartitionSilos
{
    /// <summary>Read by every batch, and changed when silos come and go.</summary>
    private volatile Division _newest = new(MembershipVersion.MinValue, []);

    /// <inheritdoc/>
    public SiloAddress? FindOther(int partition)
    {
        var members = membership.CurrentSnapshot;
        var newest = _newest;
        if (newest.Version != members.Version)
        {
            SiloAddress[] active = [.. members.Active()];
            _newest = newest = new Division(members.Version, active.Length == 0 ? [] : owners.Among(active));
        }

        return newest.Owners.Count > 0 && newest.Owners[partition] is var owner && !owner.Equals(silo.SiloAddress) && packed.AreKnownTo(owner) ? owner : null;
    }

    /// <inheritdoc/>
    public Task<ImmutableArray<AppendResult>> Append(SiloAddress silo, string tenant, ImmutableArray<PartitionAppend> appends) =>
        peers.Append(silo, tenant, appends);

    private sealed record Division(MembershipVersion Version, IReadOnlyList<SiloAddress> Owners);
}
