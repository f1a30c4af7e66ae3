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
}
