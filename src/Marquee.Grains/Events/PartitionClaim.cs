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
    /// <summary>
    /// Who reads is answered as long as this after the last confirmation. With the time for which a viewer's grain trusts its
    /// partition it is less than it takes to evict a silo that is cut off, so that no such silo answers as if it knew all.
    /// </summary>
    private static readonly TimeSpan LongestForReaders = TimeSpan.FromSeconds(3);

    /// <summary>When nobody reads and nobody writes.</summary>
    private static readonly TimeSpan LongestAtRest = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AskTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Behind a question that has been waiting so long, or soon after one without an answer, readers are told at once that nobody knows.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromSeconds(1);

    private ClaimMoment _confirmed = opened;
    private Task<bool> _asking = Task.FromResult(true);
    private long _askedAt;
    private long? _failedAt;

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

    /// <summary>Whether the partition is this activation's, asked of the store unless it said so a short while ago.</summary>
    /// <returns>False when another has taken the partition over.</returns>
    /// <exception cref="TimeoutException">The store does not say.</exception>
    public Task<bool> HoldsForReaders() => Holds(LongestForReaders);

    /// <summary>As <see cref="HoldsForReaders"/>, less often.</summary>
    /// <exception cref="TimeoutException">The store does not say.</exception>
    public Task<bool> HoldsAtRest() => Holds(LongestAtRest);

    private async Task<bool> Holds(TimeSpan longest)
    {
        while (!IsWithin(longest))
        {
            if (_asking.IsCompleted)
            {
                if (_failedAt is { } failed && time.GetElapsedTime(failed) < RestAfterFailure)
                {
                    throw Unknown(null);
                }

                (_askedAt, _asking) = (time.GetTimestamp(), Ask());
            }
            else if (time.GetElapsedTime(_askedAt) > LongestWait)
            {
                throw Unknown(null);
            }

            if (!await _asking)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsWithin(TimeSpan longest) =>
        _confirmed.Version == membership.CurrentSnapshot.Version && time.GetElapsedTime(_confirmed.Timestamp) < longest;

    private async Task<bool> Ask()
    {
        var moment = Now;
        try
        {
            using var timeout = new CancellationTokenSource(AskTimeout, time);
            if (!await log.TruncateAsync(partition.Name, partition.Epoch, before: 0, timeout.Token))
            {
                return false;
            }
        }
        catch (Exception exception)
        {
            _failedAt = time.GetTimestamp();
            throw Unknown(exception);
        }

        _failedAt = null;
        Confirm(moment);
        return true;
    }

    private TimeoutException Unknown(Exception? reason) => new($"The store does not say whether partition {partition.Number} is still this node's.", reason);
}

/// <summary>A moment, and the cluster's members as they were known then.</summary>
/// <param name="Timestamp">Of the clock.</param>
/// <param name="Version">Of the members.</param>
internal readonly record struct ClaimMoment(long Timestamp, MembershipVersion Version)
{
    /// <summary>This moment.</summary>
    public static ClaimMoment Of(IClusterMembershipService membership, TimeProvider time) => new(time.GetTimestamp(), membership.CurrentSnapshot.Version);
}
