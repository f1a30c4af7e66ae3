using Marquee.Contracts;
using Marquee.Contracts.Users;
using Marquee.Storage.Events;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Marquee.Grains.Events;

/// <summary>Bounds the replay after a crash: users' snapshots first, then the partition's own, then the log lets go.</summary>
/// <remarks>
/// The order is the safety: at every moment each entry is covered by the snapshots of its user and of the partition, or
/// still in the log. The log reaches back to the older of the partition's two snapshots.
/// </remarks>
internal sealed class PartitionCheckpoint(
    IPartitionLog log,
    PartitionSnapshots snapshots,
    GrainReferences<IUserGrain> users,
    OpenPartition partition,
    MarqueeOptions options,
    TimeProvider time,
    Action lost,
    ILogger logger)
{
    private const int MostCallsAtOnce = 64;
    private const int MostErased = 1_024;
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(10);

    /// <summary>By then what a node that was cut off had sent has come, or never will.</summary>
    private static readonly TimeSpan LatestWrite = TimeSpan.FromMinutes(2);

    private readonly Queue<(string User, long At)> _erased = new();

    private long _lastAt = time.GetTimestamp();
    private TimeSpan _pause = TimeSpan.Zero;
    private int _scrubs;
    private Task _running = Task.CompletedTask;

    /// <summary>Has an erased user's bytes overwritten soon: both snapshots are renewed and the log lets go of what is before.</summary>
    /// <param name="user">The user, who is looked at again when nothing can come late any more.</param>
    public void ScrubSoon(string user)
    {
        _scrubs = 2;
        if (_erased.Count < MostErased)
        {
            _erased.Enqueue((user, time.GetTimestamp()));
        }
    }

    /// <summary>Takes a checkpoint when the tail is long or old enough.</summary>
    public async Task RunIfDue()
    {
        await LookAtErased();
        var since = time.GetElapsedTime(_lastAt);
        var tail = partition.State.NextOffset - partition.SnapshotOffset;
        var due = tail >= options.CheckpointEvents || (tail > 0 && since >= options.CheckpointInterval) || _scrubs > 0;
        if (!due || since < _pause)
        {
            return;
        }

        try
        {
            await Run();
            _scrubs = Math.Max(0, _scrubs - 1);
            _pause = TimeSpan.Zero;
        }
        catch (Exception exception)
        {
            // Nothing is lost: the log keeps what the snapshots do not cover.
            logger.LogWarning(exception, "Partition {Partition} could not take a checkpoint; trying again", partition.Number);
            _lastAt = time.GetTimestamp();
            _pause = RetryInterval;
        }
    }

    private async Task LookAtErased()
    {
        while (_erased.TryPeek(out var erased) && time.GetElapsedTime(erased.At) >= LatestWrite)
        {
            _erased.Dequeue();
            try
            {
                await Snapshot(erased.User, partition.State.NextOffset - 1);
            }
            catch (Exception exception)
            {
                // The others wait for the next time, so that checkpoints do not wait for them. Whoever comes up finds out by itself; this was for those who never do.
                logger.LogInformation(exception, "An erased user of partition {Partition} could not be looked at again", partition.Number);
                return;
            }
        }
    }

    /// <summary>Takes a checkpoint now, or joins the one that is running.</summary>
    public Task Run() => _running.IsCompleted ? _running = Take() : _running;

    private async Task Take()
    {
        var upTo = partition.State.NextOffset;
        foreach (var chunk in partition.State.Tail.Users.ToArray().Chunk(MostCallsAtOnce))
        {
            // Up to the new beginning of the tail, not to the viewer's newest event alone: a viewer who is known to reach
            // there need not read the snapshot again.
            await Task.WhenAll(chunk.Select(user => Snapshot(user, upTo - 1)));
        }

        if (!await log.TruncateAsync(partition.Name, partition.Epoch, before: 0, CancellationToken.None))
        {
            // What this activation knows is true but old: it must not take the place of what its successor stored.
            lost();
            return;
        }

        await snapshots.Write(partition.State, upTo);
        partition.SnapshotOffset = upTo;
        partition.State.Tail.TrimBefore(upTo);
        if (await log.TruncateAsync(partition.Name, partition.Epoch, snapshots.TruncatableBefore, CancellationToken.None))
        {
            partition.FirstOffset = Math.Max(partition.FirstOffset, snapshots.TruncatableBefore);
        }

        _lastAt = time.GetTimestamp();
    }

    private async Task Snapshot(string user, long offset)
    {
        try
        {
            await users.Of(user).Snapshot(offset);
        }
        catch (InconsistentStateException)
        {
            // An activation before this one stored late, and this one ends with that; the next one reads what is stored.
            await users.Of(user).Snapshot(offset);
        }
    }
}
