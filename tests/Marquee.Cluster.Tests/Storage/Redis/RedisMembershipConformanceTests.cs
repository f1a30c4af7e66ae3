using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Redis;
using Marquee.Tests.Storage.Membership;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace Marquee.Cluster.Tests.Storage.Redis;

public sealed class RedisMembershipConformanceTests(SharedServers servers) : MembershipConformance
{
    private readonly List<IHost> _hosts = [];

    protected override async ValueTask<IMembershipTable> CreateAsync(string clusterId)
    {
        var connection = (await servers.Redis).Connection;
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

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _hosts.ForEach(host => host.Dispose());
        GC.SuppressFinalize(this);
    }
}
