using System.Text;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage.Postgres;
using Marquee.Storage.Snapshots;
using Marquee.Tests.Fixtures;
using Marquee.Tests.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;

namespace Marquee.Cluster.Tests.Storage.Postgres;

/// <summary>One node's stores in PostgreSQL, with connections of their own.</summary>
internal sealed class PostgresStores : IAsyncDisposable
{
    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    private PostgresStores(string connection, int partitions, IReadOnlyList<string> steps)
    {
        var options = new PostgresStorageOptions { ConnectionString = connection, PartitionCount = partitions };
        Database = PostgresDatabase.Open(options, NullLogger<PostgresDatabase>.Instance, steps);
        Log = new PostgresPartitionLog(Database, options);
        States = new PostgresGrainStorage(
            Database,
            options,
            new SnapshotSerializer(Services.GetRequiredService<Serializer>()),
            Services.GetRequiredService<IActivatorProvider>());
    }

    public PostgresDatabase Database { get; }

    public PostgresPartitionLog Log { get; }

    public PostgresGrainStorage States { get; }

    /// <param name="connection">Where.</param>
    /// <param name="partitions">The number that the schema is made with.</param>
    /// <param name="steps">The steps of the schema that the node knows; those of this version when null.</param>
    public static PostgresStores Open(string connection, int partitions = 64, IReadOnlyList<string>? steps = null) => new(connection, partitions, steps ?? PostgresSchema.Steps);

    /// <summary>Opens them by another way to the server, on which nobody waits long for an answer; long enough for a connection, which a busy machine may take seconds to make.</summary>
    public static PostgresStores OpenBehind(BreakableWay way, PostgresServer server, string schema) => Open(server.Connection(schema, way.To(server.Port)) + ";Command Timeout=2;Timeout=8;GSS Encryption Mode=Disable");

    /// <summary>Opens a restored dump of a schema that a node of format 1 made, with two partitions.</summary>
    public static async Task<PostgresStores> OpenStoredAsync(PostgresServer server) => Open(await RestoreStoredAsync(server), partitions: 2);

    /// <summary>Restores the dump of a schema that a node of format 1 made, with two partitions.</summary>
    /// <returns>How to reach it.</returns>
    public static async Task<string> RestoreStoredAsync(PostgresServer server)
    {
        var schema = NewSchema();
        var dump = Encoding.UTF8.GetString(StoredFiles.Read("postgres-1.sql"));
        await server.RunAsync("public", dump.Replace("CREATE SCHEMA marquee", $"CREATE SCHEMA {schema}", StringComparison.Ordinal).Replace("marquee.", $"{schema}.", StringComparison.Ordinal));
        return server.Connection(schema);
    }

    /// <summary>A schema that no other test uses.</summary>
    public static string NewSchema() => $"t{Guid.NewGuid():N}";

    public PostgresMembershipTable Membership(string clusterId) => new(Database, Options.Create(new ClusterOptions { ClusterId = clusterId, ServiceId = "marquee" }));

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await States.DisposeAsync();
        await Database.DisposeAsync();
    }
}
