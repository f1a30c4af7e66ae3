using Marquee.Contracts.Titles;
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
internal sealed class StoreAccess : IStoreAccess
{
    /// <summary>The tenant of silos that are not told another.</summary>
    private const string Tenant = "default";

    private readonly ServiceProvider _services;

    private StoreAccess(ServiceProvider services, int partitions) => (_services, Partitions) = (services, partitions);

    /// <inheritdoc/>
    public int Partitions { get; }

    /// <inheritdoc/>
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

    private IGrainStorage States => _services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<PartitionSnapshot>> ReadSnapshotsAsync(int partition)
    {
        var found = new List<PartitionSnapshot>();
        foreach (var slot in PartitionSnapshot.Slots)
        {
            var state = new GrainState<PartitionSnapshot>();
            await States.ReadStateAsync(slot, PartitionSnapshot.GrainOf(partition), state);
            if (state.RecordExists)
            {
                found.Add(state.State!);
            }
        }

        return [.. found.OrderBy(snapshot => snapshot.NextOffset)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, UserSnapshot>> ReadUsersAsync()
    {
        var serializer = _services.GetRequiredService<Serializer>();
        var users = new Dictionary<string, UserSnapshot>(StringComparer.Ordinal);
        await foreach (var (grainId, payload) in _services.GetRequiredService<ISnapshotReader>().ReadAllAsync(UserSnapshot.StateName))
        {
            users[UserSnapshot.KeyOf(grainId)] = serializer.Deserialize<UserSnapshot>(payload)!;
        }

        return users;
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyDictionary<string, EngagementTotals>> ReadTitlesAsync()
    {
        var titles = new Dictionary<string, EngagementTotals>(StringComparer.Ordinal);
        foreach (var bucket in CatalogueBucket.Names)
        {
            var state = new GrainState<CatalogueBucket>();
            await States.ReadStateAsync(bucket, CatalogueBucket.GrainOf(Tenant), state);
            foreach (var row in state.RecordExists ? state.State!.Rows : [])
            {
                if (row.Live is { } live)
                {
                    titles[row.TitleId] = live.Totals;
                }
            }
        }

        return titles;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    /// <summary>What stores are added to; there is no silo.</summary>
    private sealed class Builder : ISiloBuilder
    {
        public IServiceCollection Services { get; } = new ServiceCollection();

        public IConfiguration Configuration { get; } = new ConfigurationBuilder().Build();
    }
}
