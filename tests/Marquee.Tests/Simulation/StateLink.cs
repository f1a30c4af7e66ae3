using System.Globalization;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Tests.Simulation;

/// <summary>A node's grain storage, with the serializer that silos use.</summary>
internal sealed class StateLink(SimulatedStore store, StoreLink link) : IGrainStorage
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();
    private static readonly SnapshotSerializer Serializer = new(Services.GetRequiredService<Serializer>());

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = new StateKey(stateName, grainId.ToString());
        var stored = await link.Call(() => store.States.Read(key));
        grainState.State = stored is { } state
            ? Serializer.Deserialize<T>(new BinaryData(state.Payload))
            : Services.GetRequiredService<IActivatorProvider>().GetActivator<T>().Create();
        grainState.ETag = stored?.Version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = stored is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = new StateKey(stateName, grainId.ToString());
        var payload = Serializer.Serialize(grainState.State).ToArray();
        var known = VersionOf(grainState.ETag);
        var version = await link.Call(() => store.States.Write(key, known, payload));
        (grainState.ETag, grainState.RecordExists) = (version.ToString(CultureInfo.InvariantCulture), true);
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = new StateKey(stateName, grainId.ToString());
        var known = VersionOf(grainState.ETag);
        await link.Call(() =>
        {
            store.States.Clear(key, known);
            return true;
        });
        grainState.State = Services.GetRequiredService<IActivatorProvider>().GetActivator<T>().Create();
        (grainState.ETag, grainState.RecordExists) = (null, false);
    }

    private static long? VersionOf(string? etag) => etag is null ? null : long.Parse(etag, CultureInfo.InvariantCulture);
}
