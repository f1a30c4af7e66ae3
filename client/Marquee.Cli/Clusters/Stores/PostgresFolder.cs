using System.Globalization;
using System.Security.Cryptography;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Clusters.Stores;

/// <summary>A PostgreSQL server of our own: its data, log and password in one folder, on one port of the loopback address.</summary>
/// <param name="folder">The folder; made when it is not there.</param>
internal sealed class PostgresFolder(string folder)
{
    private const string User = "marquee";
    private const string Versions = "/usr/lib/postgresql";

    private string Data => Path.Combine(folder, "data");

    private string PasswordFile => Path.Combine(folder, "password");

    /// <summary>Whether a server was made here.</summary>
    public bool IsMade => File.Exists(Path.Combine(Data, "PG_VERSION"));

    /// <summary>Whether its server runs. The file is there as long, and after a kill; its first line is the process's number.</summary>
    public bool IsRunning => ReadProcess() is { } number && ProcessIdentity.Of(number) is { IsAlive: true };

    /// <summary>Makes the server.</summary>
    /// <param name="password">Its password; drawn when null.</param>
    /// <param name="hasSmallLog">Its write-ahead log grows by 1 MB at a time in place of 16: without room it cannot go on for long.</param>
    public async Task MakeAsync(string? password = null, bool hasSmallLog = false)
    {
        var program = ProgramOf("initdb");
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        await File.WriteAllTextAsync(PasswordFile, password ?? Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        if (Environment.IsPrivilegedProcess)
        {
            await ServerCommand.RunAsync("chown", "-R", "postgres", folder);
            await CheckReachableAsync();
        }

        string[] log = hasSmallLog ? ["--wal-segsize=1"] : [];
        await AsOwnerAsync(program, ["-D", Data, "-U", User, $"--pwfile={PasswordFile}", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--no-sync", .. log]);
    }

    /// <summary>Starts the server and waits until it takes connections.</summary>
    public Task StartAsync(int port) => AsOwnerAsync(
        ProgramOf("pg_ctl"), "start", "--wait", "-D", Data, "-l", Path.Combine(folder, "log"), "-o",
        string.Create(CultureInfo.InvariantCulture, $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=200 -c shared_buffers=64MB"));

    /// <summary>Ends the server as a crash does: nothing is written any more, and the next start recovers.</summary>
    public Task CrashAsync() => AsOwnerAsync(ProgramOf("pg_ctl"), "stop", "--wait", "-D", Data, "-m", "immediate");

    /// <summary>Ends the server in order.</summary>
    public Task StopAsync() => AsOwnerAsync(ProgramOf("pg_ctl"), "stop", "--wait", "-D", Data, "-m", "fast");

    /// <summary>How to reach a schema of the server, in Npgsql's form.</summary>
    /// <param name="schema">Small letters, digits and underscores.</param>
    /// <param name="port">Where: the server's port, or that of a proxy before it.</param>
    /// <param name="host">The proxy's address, when it is another.</param>
    public string Connection(string schema, int port, string host = "127.0.0.1") => string.Create(
        CultureInfo.InvariantCulture,
        $"Host={host};Port={port};Username={User};Password={File.ReadAllText(PasswordFile)};Database=postgres;Search Path={schema}");

    /// <summary>PostgreSQL refuses to run as root, and the user that it runs as then has to get into the folder.</summary>
    private async Task CheckReachableAsync()
    {
        try
        {
            await ServerCommand.RunAsync("runuser", "-u", "postgres", "--", "test", "-w", folder);
        }
        catch (InvalidOperationException)
        {
            throw new CommandFailure(
                $"PostgreSQL does not run as root but as the user postgres, who cannot get into {folder}.",
                "Choose a place that others can reach with --folder, for example --folder /var/tmp/marquee-cluster.");
        }
    }

    private static Task AsOwnerAsync(string program, params string[] arguments) => Environment.IsPrivilegedProcess
        ? ServerCommand.RunAsync("runuser", ["-u", "postgres", "--", program, .. arguments])
        : ServerCommand.RunAsync(program, arguments);

    /// <summary>A program of the newest installed version; Debian does not put them on the path.</summary>
    private static string ProgramOf(string name)
    {
        var newest = Directory.Exists(Versions)
            ? Directory.GetDirectories(Versions)
                .Where(version => File.Exists(Path.Combine(version, "bin", name)) && int.TryParse(Path.GetFileName(version), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .MaxBy(version => int.Parse(Path.GetFileName(version), CultureInfo.InvariantCulture))
            : null;
        return newest is not null
            ? Path.Combine(newest, "bin", name)
            : throw new CommandFailure($"There is no PostgreSQL server on this machine: no {Versions}/*/bin/{name}.", "Install it with 'apt-get install postgresql'; nothing of it has to run.");
    }

    private int? ReadProcess()
    {
        try
        {
            return int.TryParse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
