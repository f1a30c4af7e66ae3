using System.Collections.Concurrent;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;
using Marquee.Tests.Storage;
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

    protected override IPartitionLog Create() => Keep(PostgresStores.Open(_server.Connection(_schema)));

    private protected override IPartitionLog CreateBehind(BreakableWay way) => Keep(PostgresStores.OpenBehind(way, _server, _schema));

    private protected override async Task<IPartitionLog> OpenStoredAsync() => Keep(await PostgresStores.OpenStoredAsync(_server));

    protected override ValueTask CloseAsync(IPartitionLog log) => _open.TryRemove(log, out var stores) ? stores.DisposeAsync() : ValueTask.CompletedTask;

    private IPartitionLog Keep(PostgresStores stores)
    {
        _open[stores.Log] = stores;
        return stores.Log;
    }
}

public sealed class PostgresGrainStorageConformanceTests(SharedServers servers) : SharedGrainStorageConformance, IAsyncLifetime
{
    private readonly string _schema = PostgresStores.NewSchema();
    private readonly ConcurrentDictionary<IGrainStorage, PostgresStores> _open = new();
    private PostgresServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await servers.Postgres;

    protected override IGrainStorage Create() => Keep(PostgresStores.Open(_server.Connection(_schema)));

    private protected override IGrainStorage CreateBehind(BreakableWay way) => Keep(PostgresStores.OpenBehind(way, _server, _schema));

    private protected override async Task<IGrainStorage> OpenStoredAsync() => Keep(await PostgresStores.OpenStoredAsync(_server));

    protected override ValueTask CloseAsync(IGrainStorage storage) => _open.TryRemove(storage, out var stores) ? stores.DisposeAsync() : ValueTask.CompletedTask;

    private IGrainStorage Keep(PostgresStores stores)
    {
        _open[stores.States] = stores;
        return stores.States;
    }
}

public sealed class PostgresMembershipConformanceTests(SharedServers servers) : MembershipConformance
{
    private readonly string _schema = PostgresStores.NewSchema();
    private readonly List<PostgresStores> _open = [];

    private protected override async ValueTask<IMembershipTable> CreateAsync(string clusterId, BreakableWay? way = null)
    {
        var server = await servers.Postgres;
        var stores = way is null ? PostgresStores.Open(server.Connection(_schema)) : PostgresStores.OpenBehind(way, server, _schema);
        lock (_open)
        {
            _open.Add(stores);
        }

        return stores.Membership(clusterId);
    }

    protected override async Task PutStoredAsync(string clusterId) => await (await servers.Postgres).RunAsync(
        _schema,
        $"""
        INSERT INTO membership_version VALUES ('{clusterId}', 7);
        INSERT INTO membership (cluster_id, silo, etag, status, silo_name, host_name, proxy_port, suspect_times, start_time, alive_time) VALUES
            ('{clusterId}', '127.0.0.1:11001@4001', 7, 3, 'Silo_1', 'node.internal', 30001, '127.0.0.1:11002@4002,2026-03-01T12:00:03.0000000Z', '2026-03-01T12:00:00Z', '2026-03-01T12:00:01Z')
        """);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        foreach (var stores in _open)
        {
            await stores.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }
}
