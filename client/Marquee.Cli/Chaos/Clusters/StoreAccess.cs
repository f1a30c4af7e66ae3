using Marquee.Storage;
using Marquee.Storage.Azure;
using Marquee.Storage.Events;
using Marquee.Storage.Postgres;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;

namespace Marquee.Cli.Chaos.Clusters;

/// <summary>A cluster's store, read by the product's own code but past its silos, and past what comes between them and the store.</summary>
internal sealed class StoreAccess : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private StoreAccess(ServiceProvider services, int partitions) => (_services, Partitions) = (services, partitions);

    /// <summary>How many partitions the log of events has.</summary>
    public int Partitions { get; }

    /// <summary>The log.</summary>
    public IPartitionLog Log => _services.GetRequiredService<IPartitionLog>();

    /// <summary>Opens a store that silos run on.</summary>
    /// <param name="kind">The store's kind.</param>
    /// <param name="connection">How to reach it.</param>
    /// <param name="partitions">How many partitions it was made with.</param>
    public static StoreAccess Open(string kind, string connection, int partitions)
    {
        var builder = new Builder();
        builder.Services.AddLogging();
        builder.Services.AddSerializer();
        _ = kind == "azure"
            ? builder.AddAzureStorage(new AzureStorageOptions { ConnectionString = connection, PartitionCount = partitions })
            : builder.AddPostgresStorage(new PostgresStorageOptions { ConnectionString = connection, PartitionCount = partitions });
        return new StoreAccess(builder.Services.BuildServiceProvider(), partitions);
    }

    /// <summary>The snapshots that a partition has stored, the older one first.</summary>
    public async Task<IReadOnlyList<PartitionSnapshot>> ReadSnapshotsAsync(int partition)
    {
        var storage = _services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots);
        var found = new List<PartitionSnapshot>();
        foreach (var slot in PartitionSnapshot.Slots)
        {
            var state = new GrainState<PartitionSnapshot>();
            await storage.ReadStateAsync(slot, PartitionSnapshot.GrainOf(partition), state);
            if (state.RecordExists)
            {
                found.Add(state.State!);
            }
        }

        return [.. found.OrderBy(snapshot => snapshot.NextOffset)];
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>What stores are added to; there is no silo.</summary>
    private sealed class Builder : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }
}
