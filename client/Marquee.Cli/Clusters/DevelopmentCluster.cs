using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Reflection;
using Marquee.Cli.Clusters.FrontDoors;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;

namespace Marquee.Cli.Clusters;

/// <summary>Starts, changes and ends the cluster in a folder. Each change is written down before the next is made, so that nothing is left behind unknown.</summary>
internal sealed class DevelopmentCluster(ClusterFolder folder, Action<string> say)
{
    /// <summary>The sample is loaded at the first start, on a machine that may be busy.</summary>
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5);

    /// <summary>A silo drains for 5 s and may take its time to store what it holds.</summary>
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(45);

    private readonly DevelopmentStore _store = new(folder);

    /// <summary>Starts a cluster; when it returns, every silo and the front door are ready.</summary>
    /// <param name="size">How many silos.</param>
    /// <param name="storage">The store's kind.</param>
    /// <param name="port">The front door's port, 0 for a free one.</param>
    /// <param name="assembly">The silo's program.</param>
    /// <param name="options">Further options of each silo.</param>
    /// <param name="cancelled">Gives up; what was started is ended.</param>
    public async Task<ClusterState> StartAsync(int size, string storage, int port, string assembly, IReadOnlyList<string> options, CancellationToken cancelled)
    {
        var before = folder.Read();
        if (before is { IsRunning: true })
        {
            throw new CommandFailure(
                $"A cluster runs in {folder.Path} already{(before.FrontDoor is { } door ? $", at {door.Url}" : "")}.",
                "See it with 'marquee cluster status', end it with 'marquee cluster stop', or start another one with another --folder.");
        }

        if (before is not null && before.Storage != storage)
        {
            throw new CommandFailure(
                $"The cluster in {folder.Path} keeps its data in {before.Storage}.",
                $"Start it with --storage {before.Storage}, choose another --folder, or give its data up with 'marquee cluster stop --delete'.");
        }

        CheckFree(port);
        var state = new ClusterState(before?.Cluster ?? $"dev_{Guid.NewGuid():N}", storage, assembly, options);
        try
        {
            say($"Starting {storage} …");
            if (before?.Store is { } left)
            {
                await _store.StopAsync(left);
            }

            folder.Write(state = state with { Store = await _store.StartAsync(storage) });
            foreach (var number in Enumerable.Range(1, size))
            {
                folder.Write(state = state.With(Launch(state, number)));
            }

            say($"Waiting for {size} silos …");
            state = await UntilServingAsync(state, cancelled);
            folder.Write(state = state with { FrontDoor = OpenFrontDoor(port == 0 ? ServerCommand.FreePort() : port) });
            await Readiness.UntilReadyAsync("The front door", state.FrontDoor!.Url, state.FrontDoor.Process, state.FrontDoor.Log, LongestStop, cancelled);
            return state;
        }
        catch
        {
            await EndAsync(state, Signal.Kill);
            throw;
        }
    }

    /// <summary>Starts one more silo; when it returns, it is ready and behind the front door.</summary>
    public async Task<SiloState> AddAsync(CancellationToken cancelled)
    {
        var state = folder.ReadRunning();
        var silo = Launch(state, state.Silos.Select(other => other.Number).Append(0).Max() + 1);
        folder.Write(state = state.With(silo));
        try
        {
            state = await UntilServingAsync(state, cancelled);
            return state.Silos.Single(other => other.Number == silo.Number);
        }
        catch
        {
            silo.Process.Send(Signal.Kill);
            folder.Write(state with { Silos = [.. state.Silos.Where(other => other.Number != silo.Number)] });
            throw;
        }
    }

    /// <summary>Sends a signal to one silo.</summary>
    public async Task<SiloState> SignalAsync(int number, Signal signal)
    {
        var state = folder.ReadRunning();
        var silo = state.Silos.SingleOrDefault(silo => silo.Number == number)
            ?? throw new CommandFailure($"There is no silo {number}.", $"The silos are {string.Join(", ", state.Silos.Select(silo => silo.Number))}.");
        if (!silo.Process.Send(signal))
        {
            throw new CommandFailure($"Silo {number} does not run any more. {BackgroundProcess.TailOf(silo.Log)}", "Start another one with 'marquee cluster add'.");
        }

        if (signal == Signal.Kill)
        {
            await silo.Process.WaitUntilGoneAsync(LongestStop);
        }

        return silo;
    }

    /// <summary>Ends the cluster in order; its data stays.</summary>
    /// <returns>False when none ran.</returns>
    public async Task<bool> StopAsync()
    {
        if (folder.Read() is not { } state || (!state.IsRunning && state.Store is null))
        {
            return false;
        }

        await EndAsync(state, Signal.Terminate);
        return true;
    }

    /// <summary>Ends the front door, the silos, and behind them the store.</summary>
    private async Task EndAsync(ClusterState state, Signal signal)
    {
        ProcessIdentity[] processes = [.. state.Silos.Select(silo => silo.Process), .. state.FrontDoor is { } door ? [door.Process] : Array.Empty<ProcessIdentity>()];
        foreach (var process in processes)
        {
            process.Send(signal);

            // One that is paused takes the signal when it goes on.
            process.Send(Signal.Continue);
        }

        await Task.WhenAll(processes.Select(async process =>
        {
            if (!await process.WaitUntilGoneAsync(LongestStop))
            {
                process.Send(Signal.Kill);
                await process.WaitUntilGoneAsync(LongestStop);
            }
        }));
        if (state.Store is { } store)
        {
            await _store.StopAsync(store);
        }

        folder.Write(state with { Store = null, Silos = [], FrontDoor = null });
    }

    private SiloState Launch(ClusterState state, int number)
    {
        var url = SiloProgram.LoopbackUrl(ServerCommand.FreePort());
        var log = folder.Log(string.Create(CultureInfo.InvariantCulture, $"silo-{number}"));
        File.Delete(log);
        var silo = SiloProgram.Describe(state.Assembly, url, state.Cluster, state.Storage, _store.Connection(state.Store!, state.Cluster), state.Options, log);
        return new SiloState(number, url, log, silo.Start(), Serves: false);
    }

    /// <summary>Waits for the silos that have not been ready before.</summary>
    private async Task<ClusterState> UntilServingAsync(ClusterState state, CancellationToken cancelled)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var starting = state.Silos.Where(silo => !silo.Serves).ToArray();
        var waits = starting.Select(async silo =>
        {
            try
            {
                await Readiness.UntilReadyAsync($"Silo {silo.Number}", silo.Url, silo.Process, silo.Log, LongestStart, failed.Token);
            }
            catch (CommandFailure)
            {
                // The others need not be waited for.
                await failed.CancelAsync();
                throw;
            }
        }).ToArray();
        try
        {
            await Task.WhenAll(waits);
        }
        catch (Exception) when (waits.FirstOrDefault(wait => wait.IsFaulted) is { } reason)
        {
            await reason;
        }

        foreach (var silo in starting)
        {
            state = state.With(silo with { Serves = true });
        }

        folder.Write(state);
        return state;
    }

    private FrontDoorState OpenFrontDoor(int port)
    {
        var log = folder.Log("front-door");
        File.Delete(log);
        var process = SiloProgram.Dotnet(Assembly.GetExecutingAssembly().Location, FrontDoorCommand.Arguments(folder, port), log).Start();
        return new FrontDoorState(SiloProgram.LoopbackUrl(port), log, process);
    }

    private static void CheckFree(int port)
    {
        try
        {
            using var listener = new TcpListener(IPAddress.Loopback, port);
            listener.Start();
        }
        catch (SocketException)
        {
            throw new CommandFailure($"Something listens on port {port} already.", "Stop it, or choose another port for the front door with --port (0 takes a free one).");
        }
    }
}
