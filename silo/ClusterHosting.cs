using System.Net;
using System.Net.Sockets;
using Marquee.Grains;
using Marquee.Storage.Azure;
using Marquee.Storage.Embedded;
using Marquee.Storage.Postgres;
using Marquee.Storage.Redis;
using Orleans.Configuration;

namespace Marquee.Silo;

/// <summary>Chooses the store, and with it whether the node is alone or one of a cluster.</summary>
public static class ClusterHosting
{
    private const string ServiceId = "marquee";

    /// <summary>A silo that is probed and does not answer is suspected after three times this long.</summary>
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>A silo that misses the news of a change reads it here at the latest.</summary>
    private static readonly TimeSpan TableRefreshTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan ResponseTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Adds the store that the options name, and the way in which its nodes find each other.</summary>
    public static ISiloBuilder AddStorage(this ISiloBuilder silo, SiloOptions options) => options.IsEmbedded
        ? silo
            .UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: ServiceId, clusterId: Guid.NewGuid().ToString("N"))
            .AddSqliteStorage(new SqliteStorageOptions { Directory = options.Data, PartitionCount = options.Partitions })
        : silo
            .AddSharedStorage(options)
            .AddMembership(options)
            .AddPartitionBalancing()
            .AddClusterDefaults(options);

    private static ISiloBuilder AddSharedStorage(this ISiloBuilder silo, SiloOptions options) => options.Storage == "azure"
        ? silo.AddAzureStorage(new AzureStorageOptions { ConnectionString = options.Connection, PartitionCount = options.Partitions })
        : silo.AddPostgresStorage(new PostgresStorageOptions { ConnectionString = options.Connection, PartitionCount = options.Partitions });

    private static ISiloBuilder AddMembership(this ISiloBuilder silo, SiloOptions options) => options.Membership switch
    {
        "redis" => silo.UseRedisMembership(options.Redis),
        "azure" => silo.UseAzureMembership(),
        _ => silo.UsePostgresMembership(),
    };

    private static ISiloBuilder AddClusterDefaults(this ISiloBuilder silo, SiloOptions options)
    {
        var address = IPAddress.Parse(options.Advertise);
        var port = options.SiloPort == 0 ? FreePort() : options.SiloPort;

        // Nothing but other silos calls a silo: no port for clients of Orleans.
        silo.ConfigureEndpoints(address, port, gatewayPort: 0, listenOnAnyHostAddress: false);
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.Cluster, ServiceId));
        silo.Configure<ClusterMembershipOptions>(membership =>
        {
            membership.ProbeTimeout = ProbeTimeout;
            membership.MaxProbeTimeout = MaxProbeTimeout;
            membership.TableRefreshTimeout = TableRefreshTimeout;
        });
        silo.AddPeerWatch();
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);

        // When a silo dies, the others keep what they run; the usual directory forgets a share of it.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // Two activations of a partition are no danger, the log refuses the older one: so nobody waits for a lease to end.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        return silo;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
