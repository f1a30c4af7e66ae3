using Azure.Data.Tables;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;
using Marquee.Tests.Storage;
using Marquee.Tests.Storage.Events;
using Marquee.Tests.Storage.Membership;
using Marquee.Tests.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Storage.Azure;

public class AzurePartitionLogConformanceTests(SharedServers servers) : SharedLogConformance, IAsyncLifetime
{
    private AzuriteServer _server = null!;
    private string _account = "";

    /// <summary>How many appends a blob may have.</summary>
    protected virtual int SegmentBlocksMax => 49_000;

    public async ValueTask InitializeAsync()
    {
        _server = await servers.Azurite;
        _account = _server.NewAccount();
    }

    protected override IPartitionLog Create() => AzureStores.Open(_server.Connection(_account), options => options.SegmentBlocksMax = SegmentBlocksMax).Log;

    private protected override IPartitionLog CreateBehind(BreakableWay way) => AzureStores.OpenBehind(way, _server, _account).Log;

    /// <remarks>Of these blobs the beginning was let go.</remarks>
    protected override (int FirstOffset, string[] EventIds)[] Stored => [(2, ["e7"]), (1, ["e4", "e5", "e6"])];

    private protected override async Task<IPartitionLog> OpenStoredAsync() => (await AzureStores.OpenStoredAsync(_server)).Log;

    protected override ValueTask CloseAsync(IPartitionLog log) => ValueTask.CompletedTask;
}

/// <summary>The same, while every partition goes on in a new blob all the time.</summary>
public sealed class AzurePartitionLogOfManyBlobsConformanceTests(SharedServers servers) : AzurePartitionLogConformanceTests(servers)
{
    protected override int SegmentBlocksMax => 20;
}

public sealed class AzureGrainStorageConformanceTests(SharedServers servers) : SharedGrainStorageConformance, IAsyncLifetime
{
    private AzuriteServer _server = null!;
    private string _account = "";

    public async ValueTask InitializeAsync()
    {
        _server = await servers.Azurite;
        _account = _server.NewAccount();
    }

    protected override IGrainStorage Create() => AzureStores.Open(_server.Connection(_account)).States;

    private protected override IGrainStorage CreateBehind(BreakableWay way) => AzureStores.OpenBehind(way, _server, _account).States;

    private protected override async Task<IGrainStorage> OpenStoredAsync() => (await AzureStores.OpenStoredAsync(_server)).States;

    protected override ValueTask CloseAsync(IGrainStorage storage) => ValueTask.CompletedTask;
}

public sealed class AzureMembershipConformanceTests(SharedServers servers) : MembershipConformance
{
    private AzuriteServer _server = null!;
    private string _account = "";

    public override async ValueTask InitializeAsync()
    {
        _server = await servers.Azurite;
        _account = _server.NewAccount();
        await base.InitializeAsync();
    }

    private protected override ValueTask<IMembershipTable> CreateAsync(string clusterId, BreakableWay? way = null) => new(
        (way is null
            ? AzureStores.Open(_server.Connection(_account))
            : AzureStores.Open(_server.Connection(_account, tablePort: way.To(_server.TablePort)), static options => options.RequestTimeout = AzureStores.ShortTimeout)).Membership(clusterId));

    protected override async Task PutStoredAsync(string clusterId)
    {
        var table = AzureStores.Open(_server.Connection(_account)).Account.Membership;
        await table.AddEntityAsync(new TableEntity(clusterId, "VersionRow") { ["DeploymentId"] = clusterId, ["MembershipVersion"] = "7" }, Cancellation);
        await table.AddEntityAsync(
            new TableEntity(clusterId, "127.0.0.1-11001-4001")
            {
                ["DeploymentId"] = clusterId,
                ["Address"] = "127.0.0.1",
                ["Port"] = "11001",
                ["Generation"] = "4001",
                ["HostName"] = "node.internal",
                ["Status"] = "Active",
                ["ProxyPort"] = "30001",
                ["SiloName"] = "Silo_1",
                ["InstanceName"] = "Silo_1",
                ["UpdateZone"] = "0",
                ["FaultZone"] = "0",
                ["StartTime"] = "2026-03-01 12:00:00.000 GMT",
                ["IAmAliveTime"] = "2026-03-01 12:00:01.000 GMT",
                ["SuspectingSilos"] = "127.0.0.1:11002@4002",
                ["SuspectingTimes"] = "2026-03-01 12:00:03.000 GMT",
            },
            Cancellation);
    }
}
