using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cluster.Tests.Storage.Servers;

/// <summary>A Redis server of the tests' own: in memory, on a free port, with a password.</summary>
internal sealed class RedisServer : IAsyncDisposable
{
    /// <summary>The server's password; must appear nowhere.</summary>
    public const string Password = "Gl4s-Pyramide";

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-redis-").FullName;
    private Process? _process;

    /// <summary>The port that it listens on.</summary>
    public int Port { get; } = ServerCommand.FreePort();

    /// <summary>How to reach it.</summary>
    public string Connection => $"{Address},password={Password}";

    /// <summary>Where it listens.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>Starts a server and waits until it listens.</summary>
    public static async Task<RedisServer> StartAsync()
    {
        var server = new RedisServer();
        server._process = Process.Start(new ProcessStartInfo(
            "redis-server",
            ["--port", server.Port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", server._directory, "--loglevel", "warning", "--requirepass", Password]))
            ?? throw new InvalidOperationException("There is no Redis server here; ./test installs it.");
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", server.Port);
                return server;
            }
            catch (SocketException) when (attempt < 200)
            {
                await Task.Delay(50);
            }
        }
    }

    /// <summary>Ends it, so that nothing listens there any more.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
