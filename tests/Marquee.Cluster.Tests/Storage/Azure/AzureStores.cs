using Marquee.Storage.Azure;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Storage.Azure;

/// <summary>One node's stores in a storage account, with clients of their own.</summary>
internal sealed class AzureStores
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private AzureStores(AzureStorageOptions options)
    {
        Account = AzureAccount.Open(options, NullLogger<AzureAccount>.Instance);
        Log = new AzurePartitionLog(Account, options);
        States = new AzureGrainStorage(
            Account,
            new OrleansGrainStorageSerializer(Services.GetRequiredService<Serializer>()),
            Services.GetRequiredService<IActivatorProvider>());
    }

    public AzureAccount Account { get; }

    public AzurePartitionLog Log { get; }

    public AzureGrainStorage States { get; }

    public static AzureStores Open(string connection, Action<AzureStorageOptions>? configure = null)
    {
        // Many tests share one emulator: what they test is not how fast it is.
        var options = new AzureStorageOptions { ConnectionString = connection, RequestTimeout = TimeSpan.FromSeconds(60) };
        configure?.Invoke(options);
        return new AzureStores(options);
    }

    public AzureMembershipTable Membership(string clusterId) => new(Account, Options.Create(new ClusterOptions { ClusterId = clusterId, ServiceId = "marquee" }));
}
