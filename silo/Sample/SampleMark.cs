using Marquee.Storage;
using Orleans.Storage;

namespace Marquee.Silo.Sample;

/// <summary>How much of the sample the store holds.</summary>
[GenerateSerializer, Alias("marquee.sample-progress")]
public sealed class SampleProgress
{
    /// <summary>Ratings that are in, in time order.</summary>
    [Id(0)] public int Events { get; set; }

    /// <summary>Everything is in.</summary>
    [Id(1)] public bool IsComplete { get; set; }
}

/// <summary>Keeps <see cref="SampleProgress"/> in the node's store.</summary>
public sealed class SampleMark([FromKeyedServices(StorageNames.Snapshots)] IGrainStorage storage)
{
    private const string StateName = "sample";
    private static readonly GrainId Key = GrainId.Create("sample", "movietweetings");

    private readonly IGrainState<SampleProgress> _state = new GrainState<SampleProgress>(new SampleProgress());

    /// <summary>What is stored.</summary>
    public async Task<SampleProgress> Read()
    {
        await storage.ReadStateAsync(StateName, Key, _state);
        return _state.State ?? new SampleProgress();
    }

    /// <summary>Stores how far the load has come.</summary>
    public async Task Write(int events, bool isComplete)
    {
        _state.State = new SampleProgress { Events = events, IsComplete = isComplete };
        await storage.WriteStateAsync(StateName, Key, _state);
    }
}
