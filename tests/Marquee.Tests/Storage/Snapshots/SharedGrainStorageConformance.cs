using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

/// <summary>What a grain storage that several nodes share keeps besides: each node has a handle of its own on the same content.</summary>
public abstract class SharedGrainStorageConformance : GrainStorageConformance
{
    private static readonly GrainId Shared = GrainId.Create("user", "default/shared");

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
