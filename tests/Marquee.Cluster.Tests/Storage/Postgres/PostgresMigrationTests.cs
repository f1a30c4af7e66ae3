using System.Text;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage;
using Marquee.Storage.Events;
using Marquee.Storage.Postgres;

namespace Marquee.Cluster.Tests.Storage.Postgres;

/// <summary>A version whose schema has one format more starts on what this one left.</summary>
public sealed class PostgresMigrationTests(SharedServers servers)
{
    private const int Starters = 8;

    /// <summary>The first connection that comes to the middle of the step ends there, as that of a node that is killed; a sequence remembers what a transaction that is rolled back has taken.</summary>
    private static readonly string[] NextSteps =
    [
        .. PostgresSchema.Steps,
        """
        CREATE TABLE {schema}.migrated (by text NOT NULL);
        INSERT INTO {schema}.migrated VALUES ('a node');
        SELECT pg_terminate_backend(pg_backend_pid()) WHERE nextval('{schema}.attempts') = 1;
        ALTER TABLE {schema}.batch ADD COLUMN note text NOT NULL DEFAULT 'from before';
        """,
    ];

    private static readonly LogPartition Partition = LogPartition.Events(1);

    private readonly string _schema = PostgresStores.NewSchema();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Open_ManyOfTheNextVersionAndOneIsKilledInTheStep_ItIsDoneOnceAndNothingIsLost()
    {
        var server = await servers.Postgres;
        var connection = server.Connection(_schema);
        await LeaveAsync(connection, "before");
        await server.RunAsync(_schema, "CREATE SEQUENCE attempts");

        var opened = await Task.WhenAll(Enumerable.Range(0, Starters).Select(_ => Task.Run(() => TryOpen(connection))));

        Assert.Single(opened, stores => stores is null);
        Assert.Equal((NextSteps.Length, 1L, 2L), (await server.RunAsync(_schema, "SELECT format FROM manifest"), await server.RunAsync(_schema, "SELECT count(*) FROM migrated"), await server.RunAsync(_schema, "SELECT last_value FROM attempts")));
        Assert.Equal("from before", await server.RunAsync(_schema, "SELECT note FROM batch"));
        await using var again = PostgresStores.Open(connection, steps: NextSteps);
        var batch = await again.Log.ReadAsync(Partition, 0, Cancellation).SingleAsync(Cancellation);
        Assert.Equal("before", Encoding.UTF8.GetString(batch.Payload.Span));
        Assert.Equal(new PartitionOwnership(2, 0, 1), await again.Log.OpenAsync(Partition, Cancellation));
        foreach (var stores in opened.OfType<PostgresStores>())
        {
            await stores.DisposeAsync();
        }
    }

    [Fact]
    public async Task Open_ThisVersionOnWhatTheNextOneMade_IsRefusedAndChangesNothing()
    {
        var server = await servers.Postgres;
        var connection = server.Connection(_schema);
        await LeaveAsync(connection, "before");
        await server.RunAsync(_schema, "CREATE SEQUENCE attempts START 2");
        await PostgresStores.Open(connection, steps: NextSteps).DisposeAsync();

        var refusal = Assert.Throws<StoreMismatchException>(() => PostgresStores.Open(connection));

        Assert.Contains($"has format {NextSteps.Length}, and this version reads up to {PostgresSchema.Steps.Count}. Start the version that made it, or a newer one.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(NextSteps.Length, await server.RunAsync(_schema, "SELECT format FROM manifest"));
        await PostgresStores.Open(connection, steps: NextSteps).DisposeAsync();
    }

    /// <summary>A node of this version writes one batch.</summary>
    private static async Task LeaveAsync(string connection, string text)
    {
        await using var stores = PostgresStores.Open(connection);
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        Assert.Equal(AppendOutcome.Appended, await stores.Log.AppendAsync(Partition, owner.Epoch, 0, new LogBatch(1, Encoding.UTF8.GetBytes(text)), Cancellation));
    }

    private static PostgresStores? TryOpen(string connection)
    {
        try
        {
            return PostgresStores.Open(connection, steps: NextSteps);
        }
        catch (StoreUnavailableException)
        {
            return null;
        }
    }
}
