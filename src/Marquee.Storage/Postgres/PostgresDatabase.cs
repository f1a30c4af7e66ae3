using Marquee.Storage.Events;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Marquee.Storage.Postgres;

/// <summary>The database that the nodes of a cluster share: bounded pools of connections, and a schema that exists.</summary>
/// <remarks>Membership has connections of its own, so that a node that is busy reading is not taken for dead.</remarks>
public sealed class PostgresDatabase : IAsyncDisposable, IDisposable
{
    private const int ConnectSeconds = 5;
    private const int CommandSeconds = 5;
    private const int CancelMilliseconds = 2_000;
    private const int ConnectionsMax = 20;
    private const int MembershipConnectionsMax = 4;
    private const int PreparedMax = 32;

    // What Npgsql takes when the connection string does not say.
    private const int DriverConnectSeconds = 15;
    private const int DriverCommandSeconds = 30;
    private const int DriverConnectionsMax = 100;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlDataSource _membershipSource;
    private readonly ILogger _logger;
    private int _isUnreachable;

    private PostgresDatabase(NpgsqlDataSource source, NpgsqlDataSource membershipSource, string place, string schema, ILogger logger)
    {
        (_source, _membershipSource, Place, Schema, _logger) = (source, membershipSource, place, schema, logger);
    }

    /// <summary>Host, port, database and schema; nothing secret.</summary>
    internal string Place { get; }

    /// <summary>The schema that holds the tables; a plain identifier.</summary>
    internal string Schema { get; }

    /// <summary>Connects, and creates or migrates the schema. Many nodes may do so at once.</summary>
    /// <param name="options">Which database; must be valid.</param>
    /// <param name="logger">Told when the database cannot be reached, and when it can again.</param>
    /// <exception cref="StoreUnavailableException">The database cannot be reached or used.</exception>
    /// <exception cref="StoreMismatchException">The schema was made with another number of partitions, or by a newer version.</exception>
    public static PostgresDatabase Open(PostgresStorageOptions options, ILogger<PostgresDatabase> logger) => Open(options, logger, PostgresSchema.Steps);

    /// <inheritdoc cref="Open(PostgresStorageOptions, ILogger{PostgresDatabase})"/>
    /// <param name="options">Which database; must be valid.</param>
    /// <param name="logger">Told when the database cannot be reached, and when it can again.</param>
    /// <param name="steps">The steps of <see cref="PostgresSchema"/> that the version knows.</param>
    internal static PostgresDatabase Open(PostgresStorageOptions options, ILogger<PostgresDatabase> logger, IReadOnlyList<string> steps)
    {
        var connection = PostgresStorageOptions.Parse(options.ConnectionString) ?? throw new ArgumentException(string.Join(' ', options.Validate()), nameof(options));
        var schema = PostgresStorageOptions.SchemaOf(connection);
        var place = $"PostgreSQL at {connection.Host}:{connection.Port}, database {connection.Database ?? connection.Username}, schema {schema}";
        var database = new PostgresDatabase(
            Source(connection, connection.MaxPoolSize == DriverConnectionsMax ? ConnectionsMax : connection.MaxPoolSize),
            Source(connection, MembershipConnectionsMax),
            place,
            schema,
            logger);
        try
        {
            PostgresSchema.Prepare(database, options.PartitionCount, steps);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>A connection from the pool.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached, or all connections are in use: nothing was sent.</exception>
    internal ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(_source, cancellationToken);

    /// <summary>A connection for membership.</summary>
    /// <exception cref="StoreUnavailableException">The database cannot be reached: nothing was sent.</exception>
    internal ValueTask<NpgsqlConnection> ConnectForMembershipAsync(CancellationToken cancellationToken) => ConnectAsync(_membershipSource, cancellationToken);

    /// <inheritdoc cref="ConnectAsync(CancellationToken)"/>
    internal NpgsqlConnection Connect()
    {
        try
        {
            return _source.OpenConnection();
        }
        catch (Exception exception) when (PostgresFailure.IsExpected(exception))
        {
            throw NotReached(exception);
        }
    }

    /// <summary>Runs a read and turns its failures into those of a store.</summary>
    internal async Task<T> ReadAsync<T>(string action, Func<NpgsqlConnection, Task<T>> read, CancellationToken cancellationToken)
    {
        var connection = await ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await read(connection).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFailure.IsExpected(exception))
        {
            throw PostgresFailure.ToStoreException(Place, action, exception);
        }
        finally
        {
            await connection.DisposeAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync().ConfigureAwait(false);
        await _membershipSource.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose()
    {
        _source.Dispose();
        _membershipSource.Dispose();
    }

    private static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder given, int connectionsMax)
    {
        var connection = new NpgsqlConnectionStringBuilder(given.ConnectionString)
        {
            ApplicationName = given.ApplicationName ?? "marquee",
            Timeout = given.Timeout == DriverConnectSeconds ? ConnectSeconds : given.Timeout,
            CommandTimeout = given.CommandTimeout == DriverCommandSeconds ? CommandSeconds : given.CommandTimeout,
            CancellationTimeout = CancelMilliseconds,
            MaxPoolSize = connectionsMax,
            MinPoolSize = Math.Min(given.MinPoolSize, connectionsMax),
            PersistSecurityInfo = false,
            IncludeErrorDetail = false,

            // Few statements, all the same ones: planned once per connection, which leaves nothing behind that the next user had to be kept from.
            MaxAutoPrepare = given.MaxAutoPrepare == 0 ? PreparedMax : given.MaxAutoPrepare,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        };
        connection.Remove("Search Path");
        return NpgsqlDataSource.Create(connection);
    }

    private async ValueTask<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            if (Volatile.Read(ref _isUnreachable) == 1 && Interlocked.Exchange(ref _isUnreachable, 0) == 1)
            {
                _logger.LogWarning("{Place} can be reached again", Place);
            }

            return connection;
        }
        catch (Exception exception) when (PostgresFailure.IsExpected(exception))
        {
            throw NotReached(exception);
        }
    }

    private StoreUnavailableException NotReached(Exception exception)
    {
        var reason = PostgresFailure.Describe(exception);
        if (Interlocked.Exchange(ref _isUnreachable, 1) == 0)
        {
            _logger.LogWarning("{Place} cannot be reached: {Reason}. Writes are refused until it can", Place, reason);
        }

        return new StoreUnavailableException(
            $"{Place} cannot be reached: {reason}. Start the server, or correct host, port, user or password in the connection string; a running node goes on by itself.", exception);
    }
}
