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

    /// <summary>Each title that moves asks all partitions where it comes up: not so many at once that requests feel it.</summary>
    private const int MostMovesPerCycle = 4_000;

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
        silo.AddActivationBalancing();
        silo.Configure<SiloMessagingOptions>(messaging => messaging.ResponseTimeout = ResponseTimeout);

        // When a silo dies, the others keep what they run; the usual directory forgets a share of it.
#pragma warning disable ORLEANSEXP003
        silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003

        // Two activations of a partition are no danger, the log refuses the older one: so nobody waits for a lease to end.
        silo.Configure<GrainDirectoryOptions>(directory => directory.RangeLeaseDuration = TimeSpan.Zero);
        return silo;
    }

    /// <summary>
    /// Titles that are active move to a silo that came, until all have an even share: without it they would stay where they are
    /// until they have been idle. Each session goes in cycles, each of them moving more than the one before. Viewers do not take
    /// part: they follow their partitions.
    /// </summary>
    private static void AddActivationBalancing(this ISiloBuilder silo)
    {
#pragma warning disable ORLEANSEXP002
        silo.AddActivationRebalancer();
#pragma warning restore ORLEANSEXP002
        silo.Configure<ActivationRebalancerOptions>(balancing =>
        {
            balancing.RebalancerDueTime = TimeSpan.FromSeconds(10);
            balancing.SessionCyclePeriod = TimeSpan.FromSeconds(4);
            balancing.CycleNumberWeight = 0.5;
            balancing.ActivationMigrationCountLimit = MostMovesPerCycle;
        });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
