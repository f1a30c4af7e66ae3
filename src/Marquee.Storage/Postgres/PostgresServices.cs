using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Storage.Postgres;

/// <summary>Registers the stores that the nodes of a cluster share in PostgreSQL.</summary>
public static class PostgresServices
{
    /// <summary>Adds the partition log (<see cref="IPartitionLog"/>) and the grain storage <see cref="StorageNames.Snapshots"/> in one PostgreSQL schema.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Which database.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names every mistake.</exception>
    /// <remarks>The schema is created or migrated when a store is first resolved: an unreachable or unsuitable database throws there.</remarks>
    public static ISiloBuilder AddPostgresStorage(this ISiloBuilder silo, PostgresStorageOptions options)
    {
        if (options.Validate() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        var services = silo.Services;
        services.AddSingleton(options);
        services.AddSingleton(provider => PostgresDatabase.Open(options, provider.GetRequiredService<ILogger<PostgresDatabase>>()));
        services.AddSingleton<PostgresPartitionLog>();
        services.AddSingleton<IPartitionLog>(provider => provider.GetRequiredService<PostgresPartitionLog>());
        services.AddSingleton(provider => new PostgresGrainStorage(
            provider.GetRequiredService<PostgresDatabase>(),
            options,
            new SnapshotSerializer(provider.GetRequiredService<Serializer>()),
            provider.GetRequiredService<IActivatorProvider>()));
        services.AddSingleton<ISnapshotReader>(provider => provider.GetRequiredService<PostgresGrainStorage>());
        services.AddGrainStorage(StorageNames.Snapshots, (provider, _) => provider.GetRequiredService<PostgresGrainStorage>());
        return silo;
    }

    /// <summary>Keeps the cluster's membership in the same PostgreSQL schema; after <see cref="AddPostgresStorage"/>.</summary>
    public static ISiloBuilder UsePostgresMembership(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IMembershipTable, PostgresMembershipTable>();
        return silo;
    }
}
