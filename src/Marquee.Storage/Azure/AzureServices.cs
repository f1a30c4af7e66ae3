using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Storage.Azure;

/// <summary>Registers the stores that the nodes of a cluster share in an Azure storage account.</summary>
public static class AzureServices
{
    /// <summary>Adds the partition log (<see cref="IPartitionLog"/>) and the grain storage <see cref="StorageNames.Snapshots"/> in one storage account.</summary>
    /// <param name="silo">The silo.</param>
    /// <param name="options">Which account.</param>
    /// <exception cref="ArgumentException">The options are wrong; the message names every mistake.</exception>
    /// <remarks>The containers are made when a store is first resolved: an unreachable or unsuitable account throws there.</remarks>
    public static ISiloBuilder AddAzureStorage(this ISiloBuilder silo, AzureStorageOptions options)
    {
        if (options.Validate() is { Count: > 0 } mistakes)
        {
            throw new ArgumentException(string.Join(' ', mistakes), nameof(options));
        }

        var services = silo.Services;
        services.AddSingleton(options);
        services.AddSingleton(provider => AzureAccount.Open(options, provider.GetRequiredService<ILogger<AzureAccount>>()));
        services.AddSingleton<IPartitionLog>(provider => new AzurePartitionLog(provider.GetRequiredService<AzureAccount>(), options));
        services.AddSingleton(provider => new AzureGrainStorage(
            provider.GetRequiredService<AzureAccount>(),
            new SnapshotSerializer(provider.GetRequiredService<Serializer>()),
            provider.GetRequiredService<IActivatorProvider>()));
        services.AddSingleton<ISnapshotReader>(provider => provider.GetRequiredService<AzureGrainStorage>());
        services.AddGrainStorage(StorageNames.Snapshots, (provider, _) => provider.GetRequiredService<AzureGrainStorage>());
        return silo;
    }

    /// <summary>Keeps the cluster's membership in a table of the same account; after <see cref="AddAzureStorage"/>.</summary>
    public static ISiloBuilder UseAzureMembership(this ISiloBuilder silo)
    {
        silo.Services.AddSingleton<IMembershipTable, AzureMembershipTable>();
        return silo;
    }
}
