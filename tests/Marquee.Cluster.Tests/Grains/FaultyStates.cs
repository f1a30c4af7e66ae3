using Orleans.Storage;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>A store of snapshots that can be told to refuse writes.</summary>
internal sealed class FaultyStates(IGrainStorage inner) : IGrainStorage, IDisposable
{
    /// <summary>Writes of states whose name begins so fail.</summary>
    public string? Refused { get; set; }

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Refused is { } refused && stateName.StartsWith(refused, StringComparison.Ordinal)
            ? throw new IOException("The write was made to fail.")
            : inner.WriteStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ClearStateAsync(stateName, grainId, grainState);

    public void Dispose() => (inner as IDisposable)?.Dispose();
}
