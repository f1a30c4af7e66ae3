using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Redis;
using Marquee.Tests.Storage;
using Marquee.Tests.Storage.Membership;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;
using StackExchange.Redis;

namespace Marquee.Cluster.Tests.Storage.Redis;

public sealed class RedisMembershipConformanceTests(SharedServers servers) : MembershipConformance
{
    private readonly List<IHost> _hosts = [];

    private protected override async ValueTask<IMembershipTable> CreateAsync(string clusterId, BreakableWay? way = null)
    {
        var server = await servers.Redis;
        var connection = way is null ? server.Connection : $"127.0.0.1:{way.To(server.Port)},password={RedisServer.Password}";
        var host = Host.CreateDefaultBuilder()
            .UseOrleans(silo => silo
                .UseRedisMembership(connection)
                .Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (clusterId, "marquee")))
            .Build();
        lock (_hosts)
        {
            _hosts.Add(host);
        }

        // The host is never started: only its table is used.
        var table = host.Services.GetRequiredService<IMembershipTable>();
        await table.InitializeMembershipTableAsync(true, Cancellation);
        return table;
    }

    protected override async Task PutStoredAsync(string clusterId)
    {
        await using var redis = await ConnectionMultiplexer.ConnectAsync((await servers.Redis).Connection);
        await redis.GetDatabase().HashSetAsync(
            $"marquee/members/{clusterId}",
            [
                new HashEntry("Version", "7"),
                new HashEntry(
                    "S127.0.0.1:11001:4001",
                    """
                    {"SiloAddress":{"SiloAddress":"127.0.0.1:11001@4001"},"Status":3,"SuspectTimes":[{"Item1":{"SiloAddress":"127.0.0.1:11002@4002"},"Item2":"2026-03-01T12:00:03Z"}],
                    "ProxyPort":30001,"HostName":"node.internal","SiloName":"Silo_1","RoleName":null,"UpdateZone":0,"FaultZone":0,"StartTime":"2026-03-01T12:00:00Z","IAmAliveTime":"2026-03-01T12:00:01Z"}
                    """),
            ]);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _hosts.ForEach(host => host.Dispose());
        GC.SuppressFinalize(this);
    }
}
