using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>The store that all nodes share: logs and states on one simulated disk, in a process that can die.</summary>
/// <remarks>
/// The disk lies under a log and a storage of the simulator's own, with the contracts, checksums and rules of damage of the
/// product's. SQLite could be given a virtual file system instead, but its log also writes from a thread of its own
/// and keeps a witness file beside it through the operating system's calls; under both no seed would give the same history twice. SQLite's files
/// are torn, cut and flipped by <c>DamageTests</c> and by tests with real kills and failing syncs; here the code above
/// the contracts is what is tried.
/// </remarks>
internal sealed class SimulatedStore(SimulatedDisk disk, EventLoop loop, Trace trace)
{
    private readonly Dictionary<LogPartition, SimulatedLogFile> _logs = [];

    public bool IsUp { get; private set; } = true;

    public SimulatedStates States { get; } = new(disk);

    public SimulatedDisk Disk => disk;

    /// <summary>Every batch that was ever durable, whatever was truncated since: the log from its beginning.</summary>
    public FullLog Full { get; } = new();

    /// <summary>Bits that were flipped and are not mended yet.</summary>
    public List<FlippedBit> Flipped { get; } = [];

    /// <summary>The process is gone, and with it what the disk had not synced; it starts again after a while.</summary>
    public void Die(TimeSpan downFor)
    {
        trace.Note("the store dies");
        IsUp = false;
        _logs.Clear();
        disk.LosePower();
        loop.After(downFor, () =>
        {
            trace.Note("the store starts");
            IsUp = true;
        });
    }

    public PartitionOwnership Claim(LogPartition partition)
    {
        var ownership = OnLog(partition, log => log.Claim());
        trace.Note($"{partition} is claimed: {ownership}");
        return ownership;
    }

    public AppendOutcome Append(LogPartition partition, long epoch, long expectedOffset, LogBatch batch)
    {
        var outcome = OnLog(partition, log => log.Append(epoch, expectedOffset, batch));
        trace.Note($"{partition} append {epoch}:{expectedOffset}+{batch.Count} {outcome}");
        return outcome;
    }

    public List<StoredBatch> Read(LogPartition partition, long position, bool isContinuation, int most) =>
        OnLog(partition, log => log.Read(position, isContinuation, most));

    public bool Truncate(LogPartition partition, long epoch, long before)
    {
        var done = OnLog(partition, log => log.Truncate(epoch, before));
        trace.Note($"{partition} truncate {epoch} before {before}: {done}");
        return done;
    }

    /// <summary>Whether everything of a partition is what was written.</summary>
    public bool IsDamaged(LogPartition partition)
    {
        try
        {
            OnLog(partition, log =>
            {
                log.Verify();
                return true;
            });
            return false;
        }
        catch (StoreDamagedException)
        {
            return true;
        }
    }

    private T OnLog<T>(LogPartition partition, Func<SimulatedLogFile, T> work)
    {
        try
        {
            if (!_logs.TryGetValue(partition, out var log))
            {
                _logs.Add(partition, log = new SimulatedLogFile(disk, partition, trace));
            }

            var result = work(log);
            Full.Take(partition, log);
            return result;
        }
        catch (StoreDamagedException exception)
        {
            // Nothing of it is served until it was read anew and found intact.
            trace.Note($"damage: {exception.Message}");
            _logs.Remove(partition);
            throw;
        }
        catch (DiskFullException exception)
        {
            throw new StoreUnavailableException("No room.", exception);
        }
    }
}

/// <summary>A bit of a file that is not what was written.</summary>
internal sealed record FlippedBit(SimulatedFile File, int Place, byte Mask);
