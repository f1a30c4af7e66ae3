using System.Buffers;
using System.IO.Hashing;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.Logging;
using Orleans.Serialization.Buffers;
using Orleans.Storage;

namespace Marquee.Grains.Events;

/// <summary>The two newest snapshots of a partition, written in turn: if one is bad, the one before it and a longer replay do.</summary>
internal sealed class PartitionSnapshots(IGrainStorage storage, GrainId grain, TitleTable titles, ILogger logger)
{
    private static readonly IReadOnlyList<string> Slots = PartitionSnapshot.Slots;

    private readonly IGrainState<PartitionSnapshot>[] _slots = [new GrainState<PartitionSnapshot>(), new GrainState<PartitionSnapshot>()];

    /// <summary>The log can be truncated before this offset and still be replayed onto either snapshot.</summary>
    public long TruncatableBefore => Math.Min(TailFromOf(0), TailFromOf(1));

    /// <summary>Reads the newest valid snapshot.</summary>
    /// <returns>The state and where its replay begins; a fresh state when there is no snapshot.</returns>
    public async Task<PartitionState> Read(PartitionStateOptions options, long firstRetained)
    {
        Exception? damage = null;
        for (var i = 0; i < Slots.Count; i++)
        {
            try
            {
                await storage.ReadStateAsync(Slots[i], grain, _slots[i]);
            }
            catch (StoreDamagedException exception)
            {
                damage = exception;
                logger.LogError(exception, "Snapshot {Slot} of {Grain} is damaged; trying the other one", Slots[i], grain);
            }
        }

        foreach (var slot in _slots.Where(slot => slot.RecordExists).OrderByDescending(slot => slot.State!.NextOffset))
        {
            var snapshot = slot.State!;
            if (snapshot.TailFrom >= firstRetained && XxHash3.HashToUInt64(snapshot.State) == snapshot.Hash)
            {
                return PartitionState.Read(snapshot.State, options, titles);
            }

            damage ??= Damage("a hash that matches and a log that reaches back to it", $"a snapshot at {snapshot.NextOffset} that does not fit");
        }

        return damage is null && firstRetained == 0
            ? new PartitionState(options, titles)
            : throw damage ?? Damage("a snapshot, since the log begins at " + firstRetained, "none");
    }

    /// <summary>Replaces the older snapshot.</summary>
    public async Task Write(PartitionState state, long tailFrom)
    {
        var older = _slots[0].RecordExists && (!_slots[1].RecordExists || _slots[1].State!.NextOffset < _slots[0].State!.NextOffset) ? 1 : 0;
        var bytes = BytesOf(state, tailFrom);
        var (slot, before) = (_slots[older], _slots[older].State);
        slot.State = new PartitionSnapshot
        {
            State = bytes,
            NextOffset = state.NextOffset,
            TailFrom = tailFrom,
            Hash = XxHash3.HashToUInt64(bytes),
        };
        try
        {
            await storage.WriteStateAsync(Slots[older], grain, slot);
        }
        catch (Exception exception)
        {
            // What the store may not hold must not let the log go.
            slot.State = before;
            if (exception is InconsistentStateException)
            {
                // The owner before this one stored its last snapshot late: true, only older. The next write replaces it.
                await storage.ReadStateAsync(Slots[older], grain, slot);
            }

            throw;
        }
        finally
        {
            // Only the offsets are needed from here on; the bytes would double the partition's memory.
            slot.State?.State = [];
        }
    }

    /// <summary>Megabytes, gathered in pooled pieces: an array that doubles left three times as many to the collector, with each checkpoint.</summary>
    private static byte[] BytesOf(PartitionState state, long tailFrom)
    {
        IBufferWriter<byte> pieces = new PooledBuffer();
        try
        {
            state.Write(tailFrom, pieces);
            return ((PooledBuffer)pieces).ToArray();
        }
        finally
        {
            ((PooledBuffer)pieces).Dispose();
        }
    }

    private long TailFromOf(int slot) => _slots[slot].RecordExists ? _slots[slot].State!.TailFrom : 0;

    private StoreDamagedException Damage(string expected, string found) => new(
        $"the snapshots of {grain}",
        expected,
        found,
        "Restore the data directory from a backup.");
}
