using Marquee.Storage.Embedded;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Tests.Storage.Snapshots;

/// <summary>Opens snapshot stores with the serializer that silos use.</summary>
internal static class StateStores
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static SqliteGrainStorage Open(string directory, SqliteStorageOptions? options = null) => new(
        directory,
        options ?? new SqliteStorageOptions(),
        new SnapshotSerializer(Services.GetRequiredService<Serializer>()),
        Services.GetRequiredService<IActivatorProvider>());
}
