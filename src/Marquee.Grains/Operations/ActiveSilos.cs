namespace Marquee.Grains.Operations;

/// <summary>The silos of a cluster that take part in it.</summary>
internal static class ActiveSilos
{
    /// <summary>The addresses of all members that are active, in no order.</summary>
    public static IEnumerable<SiloAddress> Active(this ClusterMembershipSnapshot members) =>
        members.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress);

    /// <summary>All of them but one.</summary>
    public static IEnumerable<SiloAddress> ActiveBut(this ClusterMembershipSnapshot members, SiloAddress self) =>
        members.Active().Where(silo => !silo.Equals(self));

    /// <summary>Reads the members; what is known then is not older than this call.</summary>
    /// <remarks>Twice: a reading that was under way already is joined, and may have been answered before.</remarks>
    public static async Task ReadAnew(this IClusterMembershipService membership, CancellationToken cancellationToken)
    {
        await membership.Refresh(cancellationToken: cancellationToken).AsTask().WaitAsync(cancellationToken);
        await membership.Refresh(cancellationToken: cancellationToken).AsTask().WaitAsync(cancellationToken);
    }
}
