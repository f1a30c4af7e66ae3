using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Storage.Embedded;

/// <summary>Registers the embedded stores of a node.</summary>
public static class StorageServices
{
    /// <summary>Adds the partition log (<see cref="IPartitionLog"/>) and the grain storage <see cref="StorageNames.Snapshots"/>, both over SQLite in one
    /// data directory. For one silo: the directory is locked by the process.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="options">Where and how.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names every mistake.</exception>
    /// <remarks>The stores open when they are first resolved: a locked, foreign or damaged directory throws there.</remarks>
    public static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteStorageOptions options)
    {
        if (options.Validate() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        services.AddSingleton(options);
        services.AddSingleton(provider => DataDirectory.Open(options.Directory, options.PartitionCount, provider.GetService<TimeProvider>()));
        services.AddSingleton(provider => new SqlitePartitionLog(provider.GetRequiredService<DataDirectory>().Path, options));
        services.AddSingleton<IPartitionLog>(provider => provider.GetRequiredService<SqlitePartitionLog>());
        services.AddSingleton(provider => new SqliteGrainStorage(
            provider.GetRequiredService<DataDirectory>().Path,
            options,
            new SnapshotSerializer(provider.GetRequiredService<Serializer>()),
            provider.GetRequiredService<IActivatorProvider>()));
        services.AddSingleton<ISnapshotReader>(provider => provider.GetRequiredService<SqliteGrainStorage>());
        services.AddGrainStorage(StorageNames.Snapshots, (provider, _) => provider.GetRequiredService<SqliteGrainStorage>());
        return services;
    }

    /// <inheritdoc cref="AddSqliteStorage(IServiceCollection, SqliteStorageOptions)"/>
    public static ISiloBuilder AddSqliteStorage(this ISiloBuilder silo, SqliteStorageOptions options)
    {
        silo.Services.AddSqliteStorage(options);
        return silo;
    }
}
