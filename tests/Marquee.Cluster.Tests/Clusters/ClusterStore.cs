using Marquee.Cluster.Tests.Storage.Azure;
using Marquee.Cluster.Tests.Storage.Postgres;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Events;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>A store for a cluster; new and empty unless it is named.</summary>
/// <param name="Options">How nodes are told to use it.</param>
/// <param name="WithLog">Gives a look into its log.</param>
internal sealed record ClusterStore(string[] Options, Func<Func<IPartitionLog, Task>, Task> WithLog)
{
    /// <summary>A schema of its own.</summary>
    public static ClusterStore On(PostgresServer server) => OnPostgres(server.Connection(PostgresStores.NewSchema()));

    /// <summary>The schema that a connection string names.</summary>
    public static ClusterStore OnPostgres(string connection) => new(
        ["--Marquee:Storage=postgres", $"--Marquee:Connection={connection}"],
        async look =>
        {
            await using var stores = PostgresStores.Open(connection, ClusterTests.Partitions);
            await look(stores.Log);
        });

    /// <summary>A storage account of its own.</summary>
    public static ClusterStore On(AzuriteServer server)
    {
        var connection = server.Connection(server.NewAccount());
        return new ClusterStore(
            ["--Marquee:Storage=azure", $"--Marquee:Connection={connection}"],
            look => look(AzureStores.Open(connection, options => options.PartitionCount = ClusterTests.Partitions).Log));
    }
}
