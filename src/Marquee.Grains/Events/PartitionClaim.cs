using Marquee.Storage.Events;

namespace Marquee.Grains.Events;

/// <summary>How lately the store has confirmed that an activation still owns its partition.</summary>
/// <remarks>
/// Another silo may have taken the partition over and committed events since, without this activation ever hearing of it: on
/// both sides of a cut the partition runs on, and when one side is gone the calls may come to the activation of the other.
/// Who only wrote would find out with the next append; whoever reads has to ask. An append that succeeds is a confirmation too.
/// </remarks>
/// <param name="log">The log.</param>
/// <param name="partition">The opened partition.</param>
/// <param name="membership">Whoever left may have owned it last.</param>
/// <param name="opened">Taken before it was opened.</param>
/// <param name="time">The clock.</param>
internal sealed class PartitionClaim(IPartitionLog log, OpenPartition partition, IClusterMembershipService membership, ClaimMoment opened, TimeProvider time)
{
    /// <summary>What is older is asked for again.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    private ClaimMoment _confirmed = opened;
    private Task<bool> _asking = Task.FromResult(true);

    /// <summary>Whether it was confirmed a short while ago, and the cluster has not changed since.</summary>
    public bool IsFresh => _confirmed.Version == membership.CurrentSnapshot.Version && time.GetElapsedTime(_confirmed.Timestamp) < Longest;

    /// <summary>Taken before the store is asked for something that only the owner is granted.</summary>
    public ClaimMoment Now => ClaimMoment.Of(membership, time);

    /// <summary>Notes that the store has granted it.</summary>
    public void Confirm(ClaimMoment moment)
    {
        if (moment.Timestamp > _confirmed.Timestamp)
        {
            _confirmed = moment;
        }
    }

    /// <summary>Sees to it that the claim is fresh.</summary>
    /// <returns>False when another has taken the partition over.</returns>
    /// <exception cref="Exception">The store does not say.</exception>
    public async Task<bool> Holds()
    {
        while (!IsFresh)
        {
            if (!await (_asking.IsCompleted ? _asking = Ask() : _asking))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> Ask()
    {
        var moment = Now;
        using var timeout = new CancellationTokenSource(AskTimeout, time);
        if (!await log.TruncateAsync(partition.Name, partition.Epoch, before: 0, timeout.Token))
        {
            return false;
        }

        Confirm(moment);
        return true;
    }
}

/// <summary>A moment, and the cluster's members as they were known then.</summary>
/// <param name="Timestamp">Of the clock.</param>
/// <param name="Version">Of the members.</param>
internal readonly record struct ClaimMoment(long Timestamp, MembershipVersion Version)
{
    /// <summary>This moment.</summary>
    public static ClaimMoment Of(IClusterMembershipService membership, TimeProvider time) => new(time.GetTimestamp(), membership.CurrentSnapshot.Version);
}
