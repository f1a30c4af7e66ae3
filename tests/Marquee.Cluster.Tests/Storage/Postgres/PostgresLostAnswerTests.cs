using System.Net;
using Marquee.Cli.Chaos.Faults;
using Marquee.Cluster.Tests.Storage.Servers;

namespace Marquee.Cluster.Tests.Storage.Postgres;

public sealed class PostgresLostAnswerTests(SharedServers servers) : LostAnswerConformance
{
    private protected override async Task<ReachedStores> OpenAsync()
    {
        var server = await servers.Postgres;
        var proxy = new FaultProxy(new IPEndPoint(IPAddress.Loopback, server.Port));
        var stores = PostgresStores.Open(server.Connection(PostgresStores.NewSchema(), proxy.Port) + ";Command Timeout=1");
        return new ReachedStores(stores.Log, stores.States, proxy, stores);
    }
}
