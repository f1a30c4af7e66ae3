using System.Globalization;
using Npgsql;

namespace Marquee.Cluster.Tests.Storage.Servers;

/// <summary>A PostgreSQL server of the tests' own: in a temporary directory, on a free port, with a password.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The password of the server's user; must appear nowhere.</summary>
    public const string Password = "Kr1stall-Palast";

    private const string User = "marquee_test";

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-postgres-").FullName;
    private readonly string _programs = FindPrograms();

    private PostgresServer()
    {
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; } = ServerProcess.FreePort();

    private string Data => Path.Combine(_directory, "data");

    /// <summary>Makes a server and starts it.</summary>
    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        try
        {
            await server.InitialiseAsync();
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>How to reach a schema of the server; one of its own when none is named.</summary>
    /// <param name="schema">The schema.</param>
    /// <param name="port">The port, when it is not the server's own.</param>
    public string Connection(string schema, int? port = null) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = port ?? Port,
        Username = User,
        Password = Password,
        Database = "postgres",
        SearchPath = schema,
    }.ConnectionString;

    /// <summary>Runs a statement in a schema.</summary>
    public async Task<object?> RunAsync(string schema, string sql)
    {
        await using var source = NpgsqlDataSource.Create(Connection(schema));
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts the server after it was stopped.</summary>
    public Task StartAgainAsync() => AsOwnerAsync(
        "pg_ctl", "start", "--wait", "-D", Data, "-l", Path.Combine(_directory, "log"), "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {Port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB"));

    /// <summary>Stops the server as a crash does.</summary>
    public Task CrashAsync() => AsOwnerAsync("pg_ctl", "stop", "--wait", "-D", Data, "-m", "immediate");

    public async ValueTask DisposeAsync()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            await CrashAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task InitialiseAsync()
    {
        var password = Path.Combine(_directory, "password");
        await File.WriteAllTextAsync(password, Password);
        if (Environment.IsPrivilegedProcess)
        {
            // PostgreSQL refuses to run as root.
            await ServerProcess.RunAsync("chown", "-R", "postgres", _directory);
        }

        await AsOwnerAsync("initdb", "-D", Data, "-U", User, $"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync");
    }

    private Task AsOwnerAsync(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        return Environment.IsPrivilegedProcess
            ? ServerProcess.RunAsync("runuser", ["-u", "postgres", "--", path, .. arguments])
            : ServerProcess.RunAsync(path, arguments);
    }

    /// <summary>The folder of the newest installed version; Debian does not put it on the path.</summary>
    private static string FindPrograms()
    {
        const string Versions = "/usr/lib/postgresql";
        var newest = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions)
                .Select(folder => Path.Combine(folder, "bin"))
                .Where(folder => File.Exists(Path.Combine(folder, "initdb")))
                .MaxBy(folder => int.Parse(Path.GetFileName(Path.GetDirectoryName(folder)!), CultureInfo.InvariantCulture))
            : null;
        return newest ?? throw new InvalidOperationException("There is no PostgreSQL server here; ./test installs it.");
    }
}
