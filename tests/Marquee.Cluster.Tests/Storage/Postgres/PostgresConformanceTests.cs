using System.Collections.Concurrent;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;
using Marquee.Tests.Storage.Events;
using Marquee.Tests.Storage.Membership;
using Marquee.Tests.Storage.Snapshots;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Storage.Postgres;

public sealed class PostgresPartitionLogConformanceTests(SharedServers servers) : SharedLogConformance, IAsyncLifetime
{
    private readonly string _schema = PostgresStores.NewSchema();
    private readonly ConcurrentDictionary<IPartitionLog, PostgresStores> _open = new();
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await servers.Postgres;

    protected override IPartitionLog Create()
    {
        var stores = PostgresStores.Open(_server.Connection(_schema));
        _open[stores.Log] = stores;
        return stores.Log;
    }

    protected override ValueTask CloseAsync(IPartitionLog log) => _open.TryRemove(log, out var stores) ? stores.DisposeAsync() : ValueTask.CompletedTask;
}

public sealed class PostgresGrainStorageConformanceTests(SharedServers servers) : SharedGrainStorageConformance, IAsyncLifetime
{
    private readonly string _schema = PostgresStores.NewSchema();
    private readonly ConcurrentDictionary<IGrainStorage, PostgresStores> _open = new();
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await servers.Postgres;

    protected override IGrainStorage Create()
    {
        var stores = PostgresStores.Open(_server.Connection(_schema));
        _open[stores.States] = stores;
        return stores.States;
    }

    protected override ValueTask CloseAsync(IGrainStorage storage) => _open.TryRemove(storage, out var stores) ? stores.DisposeAsync() : ValueTask.CompletedTask;
}

public sealed class PostgresMembershipConformanceTests(SharedServers servers) : MembershipConformance
{
    private readonly string _schema = PostgresStores.NewSchema();
    private PostgresStores? _stores;

    protected override async ValueTask<IMembershipTable> CreateAsync(string clusterId)
    {
        _stores ??= PostgresStores.Open((await servers.Postgres).Connection(_schema));
        return _stores.Membership(clusterId);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _stores!.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
