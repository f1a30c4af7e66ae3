using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Storage.Servers;

/// <summary>An Azurite server of the tests' own, Microsoft's emulator of Azure Storage: on free ports, with many accounts of one key.</summary>
internal sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The key of all accounts; must appear nowhere.</summary>
    public const string Key = "S3Jpc3RhbGwtUGFsYXN0LUtyaXN0YWxsLVBhbGFzdA==";

    private const int Accounts = 400;
    private const int MostStarts = 3;

    private static readonly string Program = Path.Combine(Repository.Root, "artifacts", "azurite", "node_modules", "azurite", "dist", "src", "azurite.js");

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-azurite-").FullName;
    private readonly bool _isKept;
    private readonly int _queuePort = ServerCommand.FreePort();
    private Process? _process;
    private int _given;

    private AzuriteServer(bool isKept) => _isKept = isKept;

    /// <summary>Where blobs are.</summary>
    public int BlobPort { get; } = ServerCommand.FreePort();

    /// <summary>Where tables are.</summary>
    public int TablePort { get; } = ServerCommand.FreePort();

    /// <summary>Starts a server and waits until it listens.</summary>
    /// <param name="isKept">Whether its content survives <see cref="StopAsync"/>.</param>
    public static async Task<AzuriteServer> StartAsync(bool isKept = false)
    {
        for (var starts = 1; ; starts++)
        {
            var server = new AzuriteServer(isKept);
            try
            {
                await server.StartAgainAsync();
                return server;
            }
            catch (SocketException) when (starts < MostStarts)
            {
                // It ended before it listened: somebody else has one of its ports by now.
                await server.DisposeAsync();
            }
            catch
            {
                await server.DisposeAsync();
                throw;
            }
        }
    }

    /// <summary>The name of an account that no other test uses.</summary>
    public string NewAccount() => Interlocked.Increment(ref _given) is <= Accounts and var number
        ? Name(number)
        : throw new InvalidOperationException("There are no accounts left; give the server more.");

    /// <summary>How to reach an account.</summary>
    /// <param name="account">Which.</param>
    /// <param name="blobPort">The port of blobs, when it is not the server's own.</param>
    /// <param name="tablePort">The port of tables, when it is not the server's own.</param>
    public string Connection(string account, int? blobPort = null, int? tablePort = null) => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{blobPort ?? BlobPort}/{account};TableEndpoint=http://127.0.0.1:{tablePort ?? TablePort}/{account}");

    /// <summary>Starts the server after it was stopped.</summary>
    public async Task StartAgainAsync()
    {
        if (!File.Exists(Program))
        {
            throw new InvalidOperationException("There is no Azurite here; ./test installs it.");
        }

        IEnumerable<string> program = _isKept ? [Program, "--location", _directory] : AzuriteProgram.InMemory(Program);
        var start = new ProcessStartInfo("node")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _directory,
            Environment = { ["AZURITE_ACCOUNTS"] = string.Join(';', Enumerable.Range(1, Accounts).Select(number => $"{Name(number)}:{Key}")) },
        };
        string[] arguments =
        [
            .. program, "--silent", "--skipApiVersionCheck", "--disableTelemetry",
            "--blobHost", "127.0.0.1", "--blobPort", Text(BlobPort),
            "--tableHost", "127.0.0.1", "--tablePort", Text(TablePort),
            "--queueHost", "127.0.0.1", "--queuePort", Text(_queuePort),
        ];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("Azurite did not start.");
        _process.OutputDataReceived += (_, _) => { };
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await ListensAsync(BlobPort);
        await ListensAsync(TablePort);
    }

    /// <summary>Stops the server in order; it would not survive more.</summary>
    public async Task StopAsync()
    {
        await ServerCommand.RunAsync("kill", "-TERM", Text(_process!.Id));
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _process.WaitForExitAsync(timeout.Token);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }

            process.Dispose();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private async Task ListensAsync(int port)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync("127.0.0.1", port);
                return;
            }
            catch (SocketException) when (attempt < 600 && _process is { HasExited: false })
            {
                await Task.Delay(100);
            }
        }
    }

    private static string Name(int number) => $"marquee{Text(number)}";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
