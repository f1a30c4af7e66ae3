using Orleans.Storage;

namespace Marquee.Tests.Storage.Snapshots;

/// <summary>What every grain storage keeps. An implementation inherits this in a few lines.</summary>
public abstract class GrainStorageConformance : IAsyncDisposable
{
    private const string Name = "snapshot";

    private static readonly GrainId Grain = GrainId.Create("user", "default/u1");

    private IGrainStorage? _storage;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected IGrainStorage Storage => _storage ??= Create();

    /// <summary>Opens the storage of this test; again after <see cref="CloseAsync"/>, with the same content.</summary>
    protected abstract IGrainStorage Create();

    /// <summary>Closes the storage as an orderly stop does.</summary>
    protected abstract ValueTask CloseAsync(IGrainStorage storage);

    public virtual async ValueTask DisposeAsync()
    {
        if (_storage is not null)
        {
            await CloseAsync(_storage);
        }

        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Read_NothingStored_GivesANewState()
    {
        var state = new HeldState(new TasteState { Plays = 9 }, "old") { RecordExists = true };
        await Storage.ReadStateAsync(Name, Grain, state);
        Assert.Equal((0, null, false), (state.State.Plays, state.ETag, state.RecordExists));
    }

    [Fact]
    public async Task Write_ThenRead_GivesTheSameState()
    {
        var written = await WriteAsync(new TasteState { Plays = 3, Embedding = [0.5f, float.NaN, -1] });
        var read = await ReadAsync();
        Assert.Equal((3, written.ETag, true), (read.State.Plays, read.ETag, read.RecordExists));
        Assert.Equal([0.5f, float.NaN, -1], read.State.Embedding);
    }

    [Fact]
    public async Task Write_BigState_IsReadBack()
    {
        var embedding = Enumerable.Range(0, 1_000_000).Select(i => i / 3f).ToArray();
        await WriteAsync(new TasteState { Embedding = embedding });
        Assert.Equal(embedding, (await ReadAsync()).State.Embedding);
    }

    [Fact]
    public async Task Write_Again_ChangesTheETag()
    {
        var state = await WriteAsync(new TasteState { Plays = 1 });
        var first = state.ETag;
        state.State.Plays = 2;
        await Storage.WriteStateAsync(Name, Grain, state);
        Assert.NotEqual(first, state.ETag);
        Assert.Equal((2, state.ETag), ((await ReadAsync()).State.Plays, (await ReadAsync()).ETag));
    }

    [Fact]
    public async Task Write_StaleETag_IsInconsistent()
    {
        var first = await WriteAsync(new TasteState { Plays = 1 });
        var second = await ReadAsync();
        second.State.Plays = 2;
        await Storage.WriteStateAsync(Name, Grain, second);
        first.State.Plays = 3;
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, Grain, first));
        Assert.Equal(2, (await ReadAsync()).State.Plays);
    }

    [Fact]
    public async Task Write_FirstWhereOneExists_IsInconsistent()
    {
        await WriteAsync(new TasteState { Plays = 1 });
        await Assert.ThrowsAsync<InconsistentStateException>(() => WriteAsync(new TasteState { Plays = 2 }));
        Assert.Equal(1, (await ReadAsync()).State.Plays);
    }

    [Fact]
    public async Task Write_ManyFirstsAtOnce_OneLands()
    {
        var attempts = await Task.WhenAll(Enumerable.Range(0, 16).Select(async i =>
        {
            try
            {
                await WriteAsync(new TasteState { Plays = i });
                return i;
            }
            catch (InconsistentStateException)
            {
                return -1;
            }
        }));
        Assert.Equal(Assert.Single(attempts, i => i >= 0), (await ReadAsync()).State.Plays);
    }

    [Fact]
    public async Task Write_ETagOfAStateThatWasCleared_IsInconsistent()
    {
        var first = await WriteAsync(new TasteState { Plays = 1 });
        var stale = new HeldState(new TasteState { Plays = 2 }, first.ETag);
        await Storage.ClearStateAsync(Name, Grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, Grain, stale));
        await WriteAsync(new TasteState { Plays = 3 });
        await Assert.ThrowsAsync<InconsistentStateException>(() => Storage.WriteStateAsync(Name, Grain, stale));
        Assert.Equal(3, (await ReadAsync()).State.Plays);
    }

    [Fact]
    public async Task Clear_StoredState_RemovesItAndAllowsAFirstWrite()
    {
        var state = await WriteAsync(new TasteState { Plays = 1 });
        await Storage.ClearStateAsync(Name, Grain, state);
        Assert.Equal((0, null, false), (state.State.Plays, state.ETag, state.RecordExists));
        Assert.False((await ReadAsync()).RecordExists);
        await Storage.WriteStateAsync(Name, Grain, state);
        Assert.True((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task Clear_NothingStored_DoesNothing()
    {
        var state = new HeldState(new TasteState());
        await Storage.ClearStateAsync(Name, Grain, state);
        Assert.False(state.RecordExists);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("stale")]
    public async Task Clear_StaleETag_IsInconsistentAndRemovesNothing(string? etag)
    {
        await WriteAsync(new TasteState { Plays = 1 });
        await Assert.ThrowsAsync<InconsistentStateException>(
            () => Storage.ClearStateAsync(Name, Grain, new HeldState(new TasteState(), etag)));
        Assert.True((await ReadAsync()).RecordExists);
    }

    [Fact]
    public async Task Write_OtherNamesAndGrains_AreKeptApart()
    {
        var other = GrainId.Create("user", "default/u2");
        await WriteAsync(new TasteState { Plays = 1 });
        await Storage.WriteStateAsync("other", Grain, new HeldState(new TasteState { Plays = 2 }));
        await Storage.WriteStateAsync(Name, other, new HeldState(new TasteState { Plays = 3 }));
        var state = new HeldState();
        await Storage.ReadStateAsync("other", Grain, state);
        Assert.Equal((1, 2), ((await ReadAsync()).State.Plays, state.State.Plays));
        await Storage.ReadStateAsync(Name, other, state);
        Assert.Equal(3, state.State.Plays);
    }

    [Fact]
    public async Task Write_ManyGrainsAtOnce_AllSurviveAReopening()
    {
        var grains = Enumerable.Range(0, 500).Select(i => GrainId.Create("user", $"default/u{i}")).ToArray();
        await Task.WhenAll(grains.Select((grain, i) => Storage.WriteStateAsync(Name, grain, new HeldState(new TasteState { Plays = i }))));
        await CloseAsync(Storage);
        _storage = Create();
        var read = await Task.WhenAll(grains.Select(async grain =>
        {
            var state = new HeldState();
            await Storage.ReadStateAsync(Name, grain, state);
            return state.State.Plays;
        }));
        Assert.Equal(Enumerable.Range(0, 500), read);
    }

    private async Task<HeldState> WriteAsync(TasteState taste)
    {
        var state = new HeldState(taste);
        await Storage.WriteStateAsync(Name, Grain, state);
        return state;
    }

    private async Task<HeldState> ReadAsync()
    {
        var state = new HeldState();
        await Storage.ReadStateAsync(Name, Grain, state);
        return state;
    }
}
