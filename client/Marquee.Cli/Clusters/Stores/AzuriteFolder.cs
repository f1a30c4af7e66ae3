using System.Globalization;
using System.Net.Sockets;
using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Clusters.Stores;

/// <summary>Azurite, the emulator of Azure's blobs and tables, of our own: its data and log in one folder.</summary>
/// <param name="folder">The folder; made when it is not there.</param>
/// <param name="isKept">Whether its data outlives it. In memory it opens no files, of which it leaks some with each request.</param>
internal sealed class AzuriteFolder(string folder, bool isKept = true)
{
    private const string Account = "devstoreaccount1";

    /// <summary>The emulator's published key: it protects nothing.</summary>
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    /// <summary>The most that Linux lets a process have, unless it is told otherwise.</summary>
    private const int OpenFilesMax = 1_048_576;

    private static readonly TimeSpan LongestStart = TimeSpan.FromSeconds(30);

    /// <summary>Starts it and waits until it takes connections.</summary>
    public async Task<ProcessIdentity> StartAsync(int blobPort, int tablePort)
    {
        string[] program = isKept
            ? [FindProgram(), "--location", Directory.CreateDirectory(Path.Combine(folder, "data")).FullName]
            : ["node", .. AzuriteProgram.InMemory(FindProgram())];
        var log = Path.Combine(folder, "log");
        Directory.CreateDirectory(folder);
        var process = new BackgroundProcess(
            "sh",
            [
                // It leaks open files of its data, twenty thousand within minutes of load: root may allow it more.
                "-c", $"ulimit -n {OpenFilesMax} 2>/dev/null || ulimit -n $(ulimit -H -n); exec \"$@\"", "sh", .. program,
                "--silent", "--skipApiVersionCheck", "--disableTelemetry", "--blobHost", "127.0.0.1", "--tableHost", "127.0.0.1", "--queueHost", "127.0.0.1",
                "--blobPort", Text(blobPort), "--tablePort", Text(tablePort), "--queuePort", Text(ServerCommand.FreePort()),
            ],
            log).Start();
        var deadline = DateTime.UtcNow + LongestStart;
        while (!await ListensAsync(blobPort) || !await ListensAsync(tablePort))
        {
            if (!process.IsAlive || DateTime.UtcNow > deadline)
            {
                process.Send(Signal.Kill);
                throw new CommandFailure($"Azurite did not start. {BackgroundProcess.TailOf(log)}");
            }

            await Task.Delay(50);
        }

        return process;
    }

    /// <summary>How to reach it, in the form of Azure's connection strings.</summary>
    public static string Connection(int blobPort, int tablePort, string host) => string.Create(
        CultureInfo.InvariantCulture,
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://{host}:{blobPort}/{Account};TableEndpoint=http://{host}:{tablePort}/{Account};");

    /// <summary>On the path, or where the tests install it.</summary>
    private static string FindProgram()
    {
        IEnumerable<string> folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Clone.Root is { } root)
        {
            folders = folders.Append(Path.Combine(root, "artifacts", "azurite", "node_modules", ".bin"));
        }

        return folders.Select(directory => Path.Combine(directory, "azurite")).FirstOrDefault(File.Exists)
            ?? throw new CommandFailure("There is no Azurite on this machine: no 'azurite' on the path.", "Install it with 'npm install --global azurite', or choose --storage postgres.");
    }

    private static async Task<bool> ListensAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);
}
