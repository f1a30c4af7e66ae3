using System.Text;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cluster.Tests.Storage.Servers;
using Marquee.Storage;
using Marquee.Storage.Events;
using Marquee.Storage.Postgres;
using Marquee.Tests.Storage.Snapshots;
using Microsoft.Extensions.Logging.Abstractions;

namespace Marquee.Cluster.Tests.Storage.Postgres;

/// <summary>What the stores in PostgreSQL say when the server, or the way to it, fails.</summary>
public sealed class PostgresFaultTests(SharedServers servers)
{
    private static readonly LogPartition Partition = LogPartition.Events(1);
    private static readonly GrainId Grain = GrainId.Create("user", "default/u");
    private readonly string _schema = PostgresStores.NewSchema();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Append_ServerDown_WritesNothingForCertainAndGoesOnWhenItIsBack()
    {
        await using var server = await PostgresServer.StartAsync();
        await using var stores = PostgresStores.Open(server.Connection(_schema));
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(stores, owner, 0, "a"));
        await server.CrashAsync();

        // The pool may still hold a connection that died: of what was sent on it nobody knows.
        var first = await AppendAsync(stores, owner, 1, "b");
        Assert.Contains(first, new[] { AppendOutcome.Unknown, AppendOutcome.Unavailable });
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(AppendOutcome.Unavailable, await AppendAsync(stores, owner, 1, "b"));
        }

        await Assert.ThrowsAsync<StoreUnavailableException>(async () => await stores.Log.OpenAsync(Partition, Cancellation));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.States.ReadStateAsync("s", Grain, new HeldState()));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.States.WriteStateAsync("s", Grain, new HeldState()));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => stores.Membership("c").ReadAllAsync(Cancellation));

        await server.StartAgainAsync();
        Assert.Equal(AppendOutcome.Appended, await AppendAsync(stores, owner, 1, "b"));
        Assert.Equal(["a", "b"], await ReadAsync(stores));
    }

    [Fact]
    public async Task Append_ThatHangsAtTheServer_NeverLandsBehindTheNextOpening()
    {
        var server = await servers.Postgres;
        await using var stores = PostgresStores.Open(server.Connection(_schema) + ";Command Timeout=1");
        await using var other = PostgresStores.Open(server.Connection(_schema));
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        await using (var source = Npgsql.NpgsqlDataSource.Create(server.Connection(_schema)))
        await using (var connection = await source.OpenConnectionAsync(Cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(Cancellation))
        {
            await using var hold = new Npgsql.NpgsqlCommand($"LOCK TABLE {_schema}.batch IN ACCESS EXCLUSIVE MODE", connection);
            await hold.ExecuteNonQueryAsync(Cancellation);
            Assert.Equal(AppendOutcome.Unknown, await AppendAsync(stores, owner, 0, "a"));
            await transaction.RollbackAsync(Cancellation);
        }

        var next = await other.Log.OpenAsync(Partition, Cancellation);
        var found = await ReadAsync(other);
        Assert.Equal(next.NextOffset, found.Count);
        Assert.Equal(AppendOutcome.Fenced, await AppendAsync(stores, owner, next.NextOffset, "zombie"));
        Assert.Equal(found, await ReadAsync(other));
    }

    [Theory]
    [InlineData("UPDATE batch SET payload = 'other' WHERE first_offset = 1")]
    [InlineData("UPDATE batch SET epoch = epoch + 1 WHERE first_offset = 1")]
    [InlineData("DELETE FROM batch WHERE first_offset = 1")]
    [InlineData("DELETE FROM batch WHERE first_offset = 2")]
    public async Task Read_RowsThatAreNotWhatWasWritten_AreNeverServed(string damage)
    {
        var server = await servers.Postgres;
        await using var stores = PostgresStores.Open(server.Connection(_schema));
        var owner = await stores.Log.OpenAsync(Partition, Cancellation);
        for (var i = 0; i < 3; i++)
        {
            await AppendAsync(stores, owner, i, "x");
        }

        await server.RunAsync(_schema, damage);
        var found = await Assert.ThrowsAsync<StoreDamagedException>(() => ReadAsync(stores));
        Assert.Contains("events/1", found.Place, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_WrongPasswordOrNoServer_SaysWhatIsWrongAndNotThePassword()
    {
        var server = await servers.Postgres;
        string[] connections =
        [
            server.Connection(_schema).Replace(PostgresServer.Password, PostgresServer.Password + "x", StringComparison.Ordinal),
            server.Connection(_schema, ServerCommand.FreePort()),
        ];
        foreach (var connection in connections)
        {
            var refusal = Assert.Throws<StoreUnavailableException>(() => PostgresStores.Open(connection));
            Assert.Contains("127.0.0.1", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(PostgresServer.Password, refusal.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Open_AnotherNumberOfPartitionsOrNewerFormat_IsRefused()
    {
        var server = await servers.Postgres;
        var connection = server.Connection(_schema);
        await PostgresStores.Open(connection).DisposeAsync();
        var mismatch = Assert.Throws<StoreMismatchException>(
            () => PostgresDatabase.Open(new PostgresStorageOptions { ConnectionString = connection, PartitionCount = 32 }, NullLogger<PostgresDatabase>.Instance));
        Assert.Contains("configure 64", mismatch.Message, StringComparison.Ordinal);
        await server.RunAsync(_schema, "UPDATE manifest SET format = format + 1");
        Assert.Contains("newer", Assert.Throws<StoreMismatchException>(() => PostgresStores.Open(connection)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ServerThatAnswersBeforeItHasWritten_IsRefused()
    {
        var server = await servers.Postgres;
        var refusal = Assert.Throws<StoreUnavailableException>(() => PostgresStores.Open(server.Connection(_schema) + ";Options=-c synchronous_commit=off"));
        Assert.Contains("synchronous_commit = on", refusal.Message, StringComparison.Ordinal);
    }

    private static ValueTask<AppendOutcome> AppendAsync(PostgresStores stores, PartitionOwnership owner, long offset, string text) =>
        stores.Log.AppendAsync(Partition, owner.Epoch, offset, new LogBatch(1, Encoding.UTF8.GetBytes(text)), Cancellation);

    private static async Task<List<string>> ReadAsync(PostgresStores stores)
    {
        var texts = new List<string>();
        await foreach (var batch in stores.Log.ReadAsync(Partition, 0, Cancellation))
        {
            texts.Add(Encoding.UTF8.GetString(batch.Payload.Span));
        }

        return texts;
    }
}
