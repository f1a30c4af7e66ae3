using System.IO.Hashing;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

/// <summary>What a grain storage keeps besides whose bytes outlive the program that wrote them.</summary>
public abstract class DurableGrainStorageConformance : GrainStorageConformance
{
    /// <summary>Opens a store of two partitions that holds what a node of format 1 wrote; it was killed.</summary>
    private protected abstract Task<IGrainStorage> OpenStoredAsync();

    [Fact]
    public async Task Read_BytesOfFormat1_GivesWhatWasWrittenAndIsReplacedByItsETag()
    {
        var storage = await OpenStoredAsync();
        var viewer = GrainId.Create("user", "default/ada");
        var history = await ReadAsync<UserSnapshot>(storage, "user", viewer);
        Assert.Equal(["e1", "e4"], EngagementHistory.FromBytes(history.State!.History, new TitleTable()).ToList("ada").Select(static entry => entry.EventId).Take(2));
        for (var partition = 0; partition < 2; partition++)
        {
            var snapshot = (await ReadAsync<PartitionSnapshot>(storage, PartitionSnapshot.Slots[0], PartitionSnapshot.GrainOf(partition))).State!;
            Assert.Equal(snapshot.Hash, XxHash3.HashToUInt64(snapshot.State));
            Assert.Equal(snapshot.NextOffset, PartitionState.Read(snapshot.State, new PartitionStateOptions()).NextOffset);
        }

        var stale = await ReadAsync<UserSnapshot>(storage, "user", viewer);
        history.State!.Offset = 77;
        await storage.WriteStateAsync("user", viewer, history);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("user", viewer, stale));
        Assert.Equal(77, (await ReadAsync<UserSnapshot>(storage, "user", viewer)).State!.Offset);
        await CloseAsync(storage);
    }

    private static async Task<GrainState<T>> ReadAsync<T>(IGrainStorage storage, string name, GrainId grain)
        where T : new()
    {
        var state = new GrainState<T>(new T());
        await storage.ReadStateAsync(name, grain, state);
        Assert.True(state.RecordExists);
        return state;
    }
}
