namespace Marquee.Silo;

/// <summary>Says which node does what a cluster needs done once: load the sample, train the model.</summary>
/// <remarks>
/// The oldest active node. For a moment two may both think so, when one is cut off: whatever they do must be harmless done
/// twice, by event ids or by compare and swap.
/// </remarks>
public sealed class ClusterLeader(IClusterMembershipService membership, ILocalSiloDetails silo)
{
    /// <summary>Whether it is this node.</summary>
    public bool IsHere => silo.SiloAddress.Equals(membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active)
        .Select(member => member.SiloAddress)
        .OrderBy(address => address.Generation)
        .ThenBy(address => address)
        .FirstOrDefault());
}
