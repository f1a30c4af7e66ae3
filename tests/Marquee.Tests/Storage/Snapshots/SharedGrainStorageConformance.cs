using Marquee.Storage.Events;
using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

/// <summary>What a grain storage that several nodes share keeps besides: each node has a handle of its own on the same content.</summary>
public abstract class SharedGrainStorageConformance : DurableGrainStorageConformance
{
    private static readonly GrainId Shared = GrainId.Create("user", "default/shared");

    /// <summary>The same as <see cref="GrainStorageConformance.Create"/>, by another way to the server; gives up waiting for an answer after some seconds.</summary>
    private protected abstract IGrainStorage CreateBehind(BreakableWay way);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Write_AnswerLostButLanded_TheSameWritersNextWriteSettlesIt(bool exists)
    {
        using var way = new BreakableWay();
        var storage = CreateBehind(way);
        var state = new HeldState(new TasteState { Plays = 1 });
        if (exists)
        {
            await storage.WriteStateAsync("s", Shared, state);
        }
        else
        {
            // The connection is there before its answers get lost.
            await storage.ReadStateAsync("s", Shared, new HeldState());
        }

        way.LoseAnswers();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => storage.WriteStateAsync("s", Shared, state));
        way.Heal();
        state.State.Plays = 2;
        await storage.WriteStateAsync("s", Shared, state);
        var read = new HeldState();
        await Storage.ReadStateAsync("s", Shared, read);
        Assert.Equal((2, state.ETag), (read.State.Plays, read.ETag));
        await CloseAsync(storage);
    }

    [Fact]
    public async Task Clear_AnswerLostButLanded_TheNextOneSettlesIt()
    {
        using var way = new BreakableWay();
        var storage = CreateBehind(way);
        var state = new HeldState(new TasteState { Plays = 1 });
        await storage.WriteStateAsync("s", Shared, state);
        way.LoseAnswers();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => storage.ClearStateAsync("s", Shared, state));
        way.Heal();
        await storage.ClearStateAsync("s", Shared, state);
        var read = new HeldState();
        await Storage.ReadStateAsync("s", Shared, read);
        Assert.False(read.RecordExists);
        await CloseAsync(storage);
    }

    [Fact]
    public async Task Write_OnTwoNodes_TheOneThatHasNotReadIsRefused()
    {
        var other = Create();
        var here = new HeldState(new TasteState { Plays = 1 });
        await Storage.WriteStateAsync("s", Shared, here);
        var there = new HeldState();
        await other.ReadStateAsync("s", Shared, there);
        there.State.Plays = 2;
        await other.WriteStateAsync("s", Shared, there);
        here.State.Plays = 3;
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync("s", Shared, here));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.ClearStateAsync("s", Shared, here));
        await Storage.ReadStateAsync("s", Shared, here);
        Assert.Equal((2, there.ETag), (here.State.Plays, here.ETag));
        await CloseAsync(other);
    }

    [Fact]
    public async Task Write_ManyNodesIncrement_NoIncrementIsLost()
    {
        const int Nodes = 4, Increments = 25;
        var nodes = Enumerable.Range(0, Nodes).Select(_ => Create()).ToArray();
        await Task.WhenAll(nodes.Select(node => Task.Run(async () =>
        {
            for (var done = 0; done < Increments;)
            {
                var state = new HeldState();
                await node.ReadStateAsync("s", Shared, state);
                state.State.Plays++;
                try
                {
                    await node.WriteStateAsync("s", Shared, state);
                    done++;
                }
                catch (InconsistentStateException)
                {
                    // Another node was first: read again.
                }
            }
        })));
        var end = new HeldState();
        await Storage.ReadStateAsync("s", Shared, end);
        Assert.Equal(Nodes * Increments, end.State.Plays);
        foreach (var node in nodes)
        {
            await CloseAsync(node);
        }
    }
}
