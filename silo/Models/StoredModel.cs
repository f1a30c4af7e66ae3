using Marquee.Engine.Models;
using Marquee.Storage;
using Orleans.Storage;

namespace Marquee.Silo.Models;

/// <summary>The published model as it is stored.</summary>
[GenerateSerializer, Alias("marquee.stored-model")]
public sealed class StoredModel
{
    /// <summary>What <see cref="PublishedModelCodec.ToBytes"/> wrote.</summary>
    [Id(0)] public byte[] Model { get; set; } = [];

    /// <summary>How many events it was trained on.</summary>
    [Id(1)] public long Events { get; set; }
}

/// <summary>Keeps the published model in the node's store.</summary>
public sealed class ModelStore([FromKeyedServices(StorageNames.Snapshots)] IGrainStorage storage, ILogger<ModelStore> logger)
{
    private const string StateName = "model";
    private static readonly GrainId Key = GrainId.Create("model", "published");

    private readonly IGrainState<StoredModel> _state = new GrainState<StoredModel>(new StoredModel());

    /// <summary>How many events the stored model was trained on; 0 when there is none.</summary>
    public long TrainedEvents => _state.RecordExists ? _state.State!.Events : 0;

    /// <summary>The stored model; null when there is none, or none that this program reads: then a new one is worth its training at once.</summary>
    public async Task<PublishedModel?> Read()
    {
        await storage.ReadStateAsync(StateName, Key, _state);
        if (!_state.RecordExists)
        {
            return null;
        }

        try
        {
            return PublishedModelCodec.FromBytes(_state.State!.Model);
        }
        catch (InvalidDataException unreadable)
        {
            logger.LogWarning(unreadable, "The stored model cannot be read and is not used; a new one is trained");
            _state.State!.Events = 0;
            return null;
        }
    }

    /// <summary>Replaces the stored model.</summary>
    public async Task Write(PublishedModel model, long events)
    {
        _state.State = new StoredModel { Model = PublishedModelCodec.ToBytes(model), Events = events };
        await storage.WriteStateAsync(StateName, Key, _state);
    }
}
