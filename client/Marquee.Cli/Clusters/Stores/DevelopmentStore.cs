using Marquee.Cli.Clusters.Processes;

namespace Marquee.Cli.Clusters.Stores;

/// <summary>The store of a development cluster, which lives in the cluster's folder.</summary>
/// <param name="folder">The cluster's folder.</param>
/// <param name="isKept">Whether the data has to outlive the store's process; PostgreSQL's does in any case.</param>
internal sealed class DevelopmentStore(ClusterFolder folder, bool isKept = true)
{
    /// <summary>The stores that can be started.</summary>
    public static readonly string[] Kinds = ["postgres", "azure"];

    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(10);

    private string Path => System.IO.Path.Combine(folder.Path, "store");

    /// <summary>A file system for its data alone; used when it was made before the first start.</summary>
    public StoreDisk Disk => new(Path);

    /// <summary>Starts it, on the data that is there.</summary>
    public async Task<StoreState> StartAsync(string kind)
    {
        if (kind == "postgres" && new PostgresFolder(Path) is { IsMade: false } server)
        {
            await server.MakeAsync(hasSmallLog: Disk.IsMounted);
        }

        return await RunAsync(new StoreState(kind, ServerCommand.FreePort(), kind == "azure" ? ServerCommand.FreePort() : null, null));
    }

    /// <summary>Starts it again where it was when it has ended by itself.</summary>
    /// <returns>The store that runs now.</returns>
    /// <exception cref="InvalidOperationException">It does not start.</exception>
    public async Task<StoreState> RestartAsync(StoreState store) => IsRunning(store) ? store : await RunAsync(store);

    /// <summary>Ends it; its data stays.</summary>
    public async Task StopAsync(StoreState store)
    {
        if (store.Process is { } process)
        {
            process.Send(Signal.Terminate);
            if (!await process.WaitUntilGoneAsync(LongestStop))
            {
                process.Send(Signal.Kill);
            }
        }
        else if (new PostgresFolder(Path) is { IsRunning: true } server)
        {
            await server.StopAsync();
        }

        await Disk.UnmountAsync();
    }

    /// <summary>Deletes its data; it must not run.</summary>
    public void Delete() => Directory.Delete(Path, recursive: true);

    /// <summary>Whether it runs.</summary>
    public bool IsRunning(StoreState store) => store.Process?.IsAlive ?? new PostgresFolder(Path).IsRunning;

    /// <summary>What the silos are told to reach it; holds a password.</summary>
    /// <param name="store">The store.</param>
    /// <param name="cluster">The cluster's name; also the schema's.</param>
    /// <param name="host">Where it is reached, when that is not the loopback address.</param>
    public string Connection(StoreState store, string cluster, string host = "127.0.0.1") => store.Kind == "azure"
        ? AzuriteFolder.Connection(store.Port, store.TablePort!.Value, host)
        : new PostgresFolder(Path).Connection(cluster, store.Port, host);

    private async Task<StoreState> RunAsync(StoreState store)
    {
        if (store.TablePort is { } tables)
        {
            return store with { Process = await new AzuriteFolder(Path, isKept).StartAsync(store.Port, tables) };
        }

        await new PostgresFolder(Path).StartAsync(store.Port);
        return store;
    }
}
