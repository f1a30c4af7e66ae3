using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;
using Npgsql;

namespace Marquee.Cluster.Tests.Storage.Servers;

/// <summary>A PostgreSQL server of the tests' own: in a temporary directory, on a free port, with a password.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The password of the server's user; must appear nowhere.</summary>
    public const string Password = "Kr1stall-Palast";

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-postgres-").FullName;
    private readonly PostgresFolder _server;

    private PostgresServer() => _server = new PostgresFolder(_directory);

    /// <summary>Where it listens.</summary>
    public int Port { get; } = ServerCommand.FreePort();

    /// <summary>Makes a server and starts it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server._server.MakeAsync(Password);
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to reach a schema of the server.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="port">The port, when it is not the server's own.</param>
    public string Connection(string schema, int? port = null) => _server.Connection(schema, port ?? Port);

    /// <summary>Runs a statement in a schema.</summary>
    public async Task<object?> RunAsync(string schema, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Connection(schema));
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts the server after it was stopped.</summary>
    public Task StartAgainAsync() => _server.StartAsync(Port);

    /// <summary>Stops the server as a crash does.</summary>
    public Task CrashAsync() => _server.CrashAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server.IsRunning)
        {
            await CrashAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }
}
