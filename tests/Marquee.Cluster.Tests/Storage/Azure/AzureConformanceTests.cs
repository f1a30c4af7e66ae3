using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;
using Marquee.Tests.Storage.Events;
using Marquee.Tests.Storage.Membership;
using Marquee.Tests.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Storage.Azure;

public class AzurePartitionLogConformanceTests(SharedServers servers) : SharedLogConformance, IAsyncLifetime
{
    private string _connection = "";

    /// <summary>How many appends a blob may have.</summary>
    protected virtual int SegmentBlocksMax => 49_000;

    public async ValueTask InitializeAsync()
    {
        var server = await servers.Azurite;
        _connection = server.Connection(server.NewAccount());
    }

    protected override IPartitionLog Create() => AzureStores.Open(_connection, options => options.SegmentBlocksMax = SegmentBlocksMax).Log;

    protected override ValueTask CloseAsync(IPartitionLog log) => ValueTask.CompletedTask;
}

/// <summary>The same, while every partition goes on in a new blob all the time.</summary>
public sealed class AzurePartitionLogOfManyBlobsConformanceTests(SharedServers servers) : AzurePartitionLogConformanceTests(servers)
{
    protected override int SegmentBlocksMax => 20;
}

public sealed class AzureGrainStorageConformanceTests(SharedServers servers) : SharedGrainStorageConformance, IAsyncLifetime
{
    private string _connection = "";

    public async ValueTask InitializeAsync()
    {
        var server = await servers.Azurite;
        _connection = server.Connection(server.NewAccount());
    }

    protected override IGrainStorage Create() => AzureStores.Open(_connection).States;

    protected override ValueTask CloseAsync(IGrainStorage storage) => ValueTask.CompletedTask;
}

public sealed class AzureMembershipConformanceTests(SharedServers servers) : MembershipConformance
{
    private AzureStores? _stores;

    protected override async ValueTask<IMembershipTable> CreateAsync(string clusterId)
    {
        if (_stores is null)
        {
            var server = await servers.Azurite;
            _stores ??= AzureStores.Open(server.Connection(server.NewAccount()));
        }

        return _stores.Membership(clusterId);
    }
}
