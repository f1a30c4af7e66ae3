using System.Globalization;
using System.Net;
using Marquee.Cli.Chaos.Faults;
using Marquee.Cli.Clusters;
using Marquee.Cli.Clusters.FrontDoors;
using Marquee.Cli.Clusters.Processes;
using Marquee.Cli.Clusters.Stores;

namespace Marquee.Cli.Chaos.Clusters;

/// <summary>
/// The cluster of a chaos run: silos in processes of their own, each with proxies of its own to the store, a front door, and a
/// supervisor. Written down like a development cluster, so that <c>marquee cluster stop</c> ends what a killed run leaves behind.
/// </summary>
internal sealed class ChaosCluster : IReviewedCluster, IAsyncDisposable
{
    /// <summary>Where silos listen for each other, each in its own namespace.</summary>
    public const int SiloPort = 11_111;

    private const int Partitions = 16;
    private const int HttpPort = 8_080;

    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SuperviseInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan StoreSuperviseInterval = TimeSpan.FromSeconds(1);

    private readonly ClusterFolder _folder;
    private readonly DevelopmentStore _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _remembering = new();
    private readonly List<FaultProxy> _proxies = [];
    private ClusterState _state;
    private FrontDoor? _door;
    private ClockShim? _clocks;
    private Task _supervisor = Task.CompletedTask;
    private Task _storeSupervisor = Task.CompletedTask;

    private ChaosCluster(ClusterFolder folder, ClusterState state, SiloNetwork? network) =>
        (_folder, _store, _state, Network, Silos) = (folder, new DevelopmentStore(folder, isKept: false), state, network, []);

    /// <summary>The silos.</summary>
    public List<ChaosSilo> Silos { get; }

    /// <summary>The network between them; null when they share the machine's.</summary>
    public SiloNetwork? Network { get; }

    /// <summary>The file system of the store's data; null when they share the machine's.</summary>
    public StoreDisk? StoreDisk { get; private set; }

    /// <summary>Whether the silos' wall clocks can be moved.</summary>
    public bool HasClocks => _clocks is not null;

    /// <summary>Where requests go.</summary>
    public Uri Url => _door!.Url;

    /// <summary>Starts it; when it returns, every silo is ready.</summary>
    public static async Task<ChaosCluster> StartAsync(ClusterFolder folder, int size, string storage, string assembly, CancellationToken cancelled)
    {
        var network = await SiloNetwork.TryCreateAsync(size);
        var cluster = new ChaosCluster(folder, new ClusterState(string.Create(CultureInfo.InvariantCulture, $"chaos_{Guid.NewGuid():N}"), storage, assembly, []), network);
        try
        {
            await cluster.StartAsync(size, cancelled);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the store past the silos and their proxies.</summary>
    public StoreAccess OpenStore() => StoreAccess.Open(_state.Storage, _store.Connection(_state.Store!, _state.Cluster), Partitions);

    /// <summary>Waits until every silo is ready.</summary>
    /// <returns>False when one is not in time.</returns>
    public async Task<bool> UntilReadyAsync(TimeSpan longest, CancellationToken cancelled)
    {
        var deadline = Environment.TickCount64 + (long)longest.TotalMilliseconds;
        while (!(await Task.WhenAll(Silos.Select(silo => Readiness.IsReadyAsync(silo.Url, cancelled)))).All(ready => ready))
        {
            if (Environment.TickCount64 > deadline)
            {
                return false;
            }

            await Task.Delay(200, cancelled);
        }

        return true;
    }

    /// <summary>Moves a silo's wall clock; it stays off by so much when the silo is started again.</summary>
    public void SetClock(ChaosSilo silo, TimeSpan offset) => ClockShim.SetOffset(ClockOf(silo.Number), offset);

    /// <inheritdoc/>
    IReadOnlyList<int> IReviewedCluster.Silos => [.. Silos.Select(silo => silo.Number)];

    /// <inheritdoc/>
    public HttpClient OpenSilo(int number) => new() { BaseAddress = Silos.Single(silo => silo.Number == number).Url };

    /// <inheritdoc/>
    public async Task<string?> RetireAsync(int number) => await Silos.Single(silo => silo.Number == number).RetireAsync(LongestStop)
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"silo {number} has not ended {LongestStop.TotalSeconds:0} s after SIGTERM");

    /// <summary>Ends everything; what fails does not keep the rest from it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Func<Task>[] steps =
        [
            () => _supervisor,
            () => _storeSupervisor,
            async () => await (_door?.DisposeAsync() ?? ValueTask.CompletedTask),
            KillSilosAsync,
            async () => await (_state.Store is { } store ? _store.StopAsync(store) : _store.Disk.UnmountAsync()),
            async () => await (Network?.DisposeAsync() ?? ValueTask.CompletedTask),
        ];
        List<Exception> failures = [];
        foreach (var step in steps)
        {
            try
            {
                await step();
            }
            catch (Exception exception)
            {
                failures.Add(exception);
            }
        }

        _folder.Write(_state with { Store = null, Silos = [] });
        _stop.Dispose();
        if (failures.Count > 0)
        {
            throw new AggregateException("Not everything of the run could be ended.", failures);
        }
    }

    private async Task KillSilosAsync()
    {
        foreach (var silo in Silos)
        {
            silo.Process.Send(Signal.Kill);
        }

        await Task.WhenAll(Silos.Select(silo => silo.Process.WaitUntilGoneAsync(TimeSpan.FromSeconds(10))));
        foreach (var proxy in _proxies)
        {
            proxy.Dispose();
        }
    }

    private async Task StartAsync(int size, CancellationToken cancelled)
    {
        StoreDisk = _state.Storage != "azure" && await _store.Disk.TryMakeAsync() ? _store.Disk : null;
        _clocks = await ClockShim.TryBuildAsync(_folder.Path);
        _folder.Write(_state = _state with { Store = await _store.StartAsync(_state.Storage) });
        for (var number = 1; number <= size; number++)
        {
            Silos.Add(Launch(number));
        }

        Remember();
        foreach (var silo in Silos)
        {
            await Readiness.UntilReadyAsync($"Silo {silo.Number}", silo.Url, silo.Process, silo.Log, LongestStart, cancelled);
        }

        _supervisor = Task.Run(SuperviseAsync, CancellationToken.None);
        _storeSupervisor = Task.Run(SuperviseStoreAsync, CancellationToken.None);

        // Whose node a request comes to is not where its viewer is: calls between silos are what many faults strike.
        _door = await FrontDoor.StartAsync(SiloProgram.LoopbackUrl(0), Silos.Select(silo => silo.Url), knowsViewers: false);
    }

    private ChaosSilo Launch(int number)
    {
        var store = _state.Store!;
        var listen = Network?.Host ?? IPAddress.Loopback;
        FaultProxy[] proxies = [ProxyTo(store.Port, listen), .. store.TablePort is { } tables ? [ProxyTo(tables, listen)] : Array.Empty<FaultProxy>()];
        var reached = store with { Port = proxies[0].Port, TablePort = proxies.Length > 1 ? proxies[1].Port : null };
        var url = Network is null ? SiloProgram.LoopbackUrl(ServerCommand.FreePort()) : new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{Network.AddressOf(number)}:{HttpPort}"));
        var program = SiloProgram.Describe(
            _state.Assembly,
            url,
            _state.Cluster,
            _state.Storage,
            _store.Connection(reached, _state.Cluster, listen.ToString()),
            [
                "--Marquee:Sample=none",
                "--Marquee:Training=false",
                string.Create(CultureInfo.InvariantCulture, $"--Marquee:Partitions={Partitions}"),

                // Small, so that faults also hit snapshots and truncation.
                "--Marquee:CheckpointEvents=300",

                // What happened is found by its time, which the history has too.
                "--Logging:Console:FormatterName=simple",
                "--Logging:Console:FormatterOptions:TimestampFormat=HH:mm:ss.fff ",
                "--Logging:LogLevel:Orleans.Runtime.MembershipService=Information",
                .. Network is null ? Array.Empty<string>() : [$"--Marquee:Advertise={Network.AddressOf(number)}", string.Create(CultureInfo.InvariantCulture, $"--Marquee:SiloPort={SiloPort}")],
            ],
            _folder.Log(string.Create(CultureInfo.InvariantCulture, $"silo-{number}")));
        program = _clocks?.Before(program, ClockOf(number)) ?? program;
        return new ChaosSilo(number, url, Network?.Inside(number, program) ?? program, proxies);
    }

    private FaultProxy ProxyTo(int port, IPAddress listen)
    {
        var proxy = new FaultProxy(new IPEndPoint(IPAddress.Loopback, port), listen);
        _proxies.Add(proxy);
        return proxy;
    }

    private async Task SuperviseAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var restarts = Silos.Sum(silo => silo.Restarts);
            foreach (var silo in Silos)
            {
                silo.Supervise();
            }

            if (Silos.Sum(silo => silo.Restarts) != restarts)
            {
                Remember();
            }

            await Task.Delay(SuperviseInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>A server that ended by itself, as PostgreSQL does when it cannot write its log, is started again until it runs.</summary>
    private async Task SuperviseStoreAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var store = await _store.RestartAsync(_state.Store!);
                if (store != _state.Store)
                {
                    Remember(store);
                }
            }
            catch (Exception exception) when (exception is InvalidOperationException or CommandFailure or OperationCanceledException or IOException)
            {
                // As long as there is no room for it.
            }

            await Task.Delay(StoreSuperviseInterval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string ClockOf(int silo) => Path.Combine(_folder.Path, string.Create(CultureInfo.InvariantCulture, $"silo-{silo}.clock"));

    /// <summary>Writes down what runs now.</summary>
    private void Remember(StoreState? store = null)
    {
        lock (_remembering)
        {
            _state = _state with { Store = store ?? _state.Store };
            _folder.Write(_state with { Silos = [.. Silos.Select(silo => new SiloState(silo.Number, silo.Url, silo.Log, silo.Process, Serves: true))] });
        }
    }
}
