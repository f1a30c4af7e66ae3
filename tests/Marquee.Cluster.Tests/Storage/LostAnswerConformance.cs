using System.Text;
using Marquee.Cli.Chaos.Faults;
using Marquee.Storage.Events;
using Marquee.Tests.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Storage;

/// <summary>What every store that is reached over a network promises of a request that was carried out and whose answer is lost.</summary>
public abstract class LostAnswerConformance
{
    /// <summary>The partition that is written.</summary>
    protected static readonly LogPartition Partition = LogPartition.Events(1);

    private static readonly GrainId Grain = GrainId.Create("user", "default/u");

    private protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens empty stores behind a proxy; they give up waiting for an answer after some seconds.</summary>
    private protected abstract Task<ReachedStores> OpenAsync();

    [Fact]
    public async Task Append_AnswerLostButLanded_IsUnknownAndFoundByTheNextOpening()
    {
        await using var stores = await OpenAsync();
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        stores.Proxy.Fault = LinkFault.HalfOpen;
        Assert.Equal(AppendOutcome.Unknown, await AppendAsync(stores, owner, 0, "a"));
        stores.Proxy.Fault = LinkFault.None;
        Assert.Equal(new PartitionOwnership(2, 0, 1), await stores.Log.OpenAsync(Partition, Cancellation));
        Assert.Equal("a", Encoding.UTF8.GetString((await stores.Log.ReadAsync(Partition, 0, Cancellation).SingleAsync(Cancellation)).Payload.Span));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WriteState_AnswerLostButLanded_TheSameWritersNextWriteSettlesIt(bool exists)
    {
        await using var stores = await OpenAsync();
        var state = new HeldState(new TasteState { Plays = 1 });
        if (exists)
        {
            await stores.States.WriteStateAsync("s", Grain, state);
        }

        stores.Proxy.Fault = LinkFault.HalfOpen;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.States.WriteStateAsync("s", Grain, state));
        stores.Proxy.Fault = LinkFault.None;
        state.State.Plays = 2;
        await stores.States.WriteStateAsync("s", Grain, state);
        var read = new HeldState();
        await stores.States.ReadStateAsync("s", Grain, read);
        Assert.Equal((2, state.ETag), (read.State.Plays, read.ETag));
    }

    [Fact]
    public async Task ClearState_AnswerLostButLanded_TheNextOneSettlesIt()
    {
        await using var stores = await OpenAsync();
        var state = new HeldState(new TasteState { Plays = 1 });
        await stores.States.WriteStateAsync("s", Grain, state);
        stores.Proxy.Fault = LinkFault.HalfOpen;
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.States.ClearStateAsync("s", Grain, state));
        stores.Proxy.Fault = LinkFault.None;
        await stores.States.ClearStateAsync("s", Grain, state);
        var read = new HeldState();
        await stores.States.ReadStateAsync("s", Grain, read);
        Assert.False(read.RecordExists);
    }

    private protected static ValueTask<AppendOutcome> AppendAsync(ReachedStores stores, PartitionOwnership owner, long offset, string text) =>
        stores.Log.AppendAsync(Partition, owner.Epoch, offset, new LogBatch(1, Encoding.UTF8.GetBytes(text)), Cancellation);

    /// <summary>Stores, and the proxy on the way to them.</summary>
    private protected sealed record ReachedStores(IPartitionLog Log, IGrainStorage States, FaultProxy Proxy, IAsyncDisposable? Connection = null) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (Connection is not null)
            {
                await Connection.DisposeAsync();
            }

            Proxy.Dispose();
        }
    }
}
