using Marquee.Engine.Models;
using Marquee.Silo.Models;
using Marquee.Storage.Embedded;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Models;

public sealed class ModelStoreTests : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("marquee-model-");
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private readonly SqliteGrainStorage _storage;

    public ModelStoreTests() => _storage = new SqliteGrainStorage(
        _directory.FullName,
        new SqliteStorageOptions(),
        new OrleansGrainStorageSerializer(_services.GetRequiredService<Serializer>()),
        _services.GetRequiredService<IActivatorProvider>());

    [Fact]
    public async Task Read_WrittenModel_IsThereWithItsEvents()
    {
        await Store().Write(PublishedModel.Untrained with { Version = "m-1" }, events: 5_000);

        var reopened = Store();
        Assert.Equal("m-1", (await reopened.Read())!.Version);
        Assert.Equal(5_000, reopened.TrainedEvents);
    }

    [Fact]
    public async Task Read_ModelThatThisProgramDoesNotRead_IsNoneAndWorthTrainingAnew()
    {
        await Store().Write(PublishedModel.Untrained, events: 5_000);
        var state = new GrainState<StoredModel>(new StoredModel());
        var key = GrainId.Create("model", "published");
        await _storage.ReadStateAsync("model", key, state);
        state.State!.Model[^1] ^= 1;
        await _storage.WriteStateAsync("model", key, state);

        var store = Store();
        Assert.Null(await store.Read());
        Assert.Equal(0, store.TrainedEvents);

        await store.Write(PublishedModel.Untrained with { Version = "m-2" }, events: 6_000);
        Assert.Equal("m-2", (await Store().Read())!.Version);
    }

    public async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        await _services.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private ModelStore Store() => new(_storage, NullLogger<ModelStore>.Instance);
}
