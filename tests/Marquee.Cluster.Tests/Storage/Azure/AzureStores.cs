using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Azure;
using Marquee.Storage.Snapshots;
using Marquee.Tests.Fixtures;
using Marquee.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Cluster.Tests.Storage.Azure;

/// <summary>One node's stores in a storage account, with clients of their own.</summary>
internal sealed class AzureStores
{
    /// <summary>Of a way on which answers get lost.</summary>
    public static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(3);

    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private AzureStores(AzureStorageOptions options)
    {
        Account = AzureAccount.Open(options, NullLogger<AzureAccount>.Instance);
        Log = new AzurePartitionLog(Account, options);
        States = new AzureGrainStorage(
            Account,
            new SnapshotSerializer(Services.GetRequiredService<Serializer>()),
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

    /// <summary>Opens them by another way to the blobs, on which nobody waits long for an answer.</summary>
    public static AzureStores OpenBehind(BreakableWay way, AzuriteServer server, string account) =>
        Open(server.Connection(account, way.To(server.BlobPort)), static options => options.RequestTimeout = ShortTimeout);

    /// <summary>Opens restored blobs that a node of format 1 left, with two partitions.</summary>
    public static async Task<AzureStores> OpenStoredAsync(AzuriteServer server) => Open(await RestoreStoredAsync(server), static options => options.PartitionCount = 2);

    /// <summary>Restores the blobs that a node of format 1 left, with two partitions.</summary>
    /// <returns>How to reach them.</returns>
    public static async Task<string> RestoreStoredAsync(AzuriteServer server)
    {
        var connection = server.Connection(server.NewAccount());
        await StoredBlobs.RestoreAsync(StoredFiles.Read("azure-1.json"), connection);
        return connection;
    }

    public AzureMembershipTable Membership(string clusterId) => new(Account, Options.Create(new ClusterOptions { ClusterId = clusterId, ServiceId = "marquee" }));
}
