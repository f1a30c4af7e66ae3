using Marquee.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Marquee.Grains.Models;

/// <summary>A published model as it is stored.</summary>
[GenerateSerializer, Alias("marquee.stored-model")]
public sealed class StoredModel
{
    /// <summary>A model file.</summary>
    [Id(0)] public byte[] Model { get; set; } = [];

    /// <summary>How many events it was trained on.</summary>
    [Id(1)] public long Events { get; set; }
}

/// <summary>Keeps model files in the cluster's store, where every silo reads them: models are too large for messages between silos.</summary>
public sealed class ModelFiles([FromKeyedServices(StorageNames.Snapshots)] IGrainStorage storage)
{
    /// <summary>The key of the one model that was kept before there were versions.</summary>
    internal const string FirstKey = "published";

    private const string StateName = "model";

    /// <summary>Reads a model; null when none is stored under the key.</summary>
    public async Task<StoredModel?> Read(string key)
    {
        var state = new GrainState<StoredModel>(new StoredModel());
        await storage.ReadStateAsync(StateName, IdOf(key), state);
        return state.RecordExists ? state.State : null;
    }

    /// <summary>Stores a model under a key that was not used before.</summary>
    public Task Write(string key, StoredModel model) => storage.WriteStateAsync(StateName, IdOf(key), new GrainState<StoredModel>(model));

    /// <summary>Removes a model.</summary>
    public async Task Remove(string key)
    {
        var state = new GrainState<StoredModel>(new StoredModel());
        await storage.ReadStateAsync(StateName, IdOf(key), state);
        if (state.RecordExists)
        {
            await storage.ClearStateAsync(StateName, IdOf(key), state);
        }
    }

    private static GrainId IdOf(string key) => GrainId.Create("model", key);
}
