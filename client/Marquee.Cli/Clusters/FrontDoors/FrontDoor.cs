using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;

namespace Marquee.Cli.Clusters.FrontDoors;

/// <summary>
/// One address for a whole cluster: sends what is asked of a viewer to the node that holds the viewer, and spreads the rest over
/// the nodes that say they are ready. For development; anybody may ask.
/// </summary>
internal sealed class FrontDoor : IAsyncDisposable
{
    private const string Reads = "reads";
    private const string Writes = "writes";

    private static readonly TimeSpan CheckInterval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(1);

    /// <summary>A node asks for 12 s for what has no plainer answer, a history for one. Whether it is frozen, <see cref="NodeHealth"/> finds much sooner.</summary>
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(15);

    /// <summary>A node retries a write for 15 s; nobody else may, so its answer is waited for.</summary>
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly string _policy;
    private readonly CancellationTokenSource _stop = new();
    private volatile Uri[] _nodes;
    private Task _learning = Task.CompletedTask;

    private FrontDoor(WebApplication app, string policy, Uri[] nodes) => (_app, _policy, _nodes) = (app, policy, nodes);

    /// <summary>Where it listens.</summary>
    public Uri Url => new(_app.Urls.First());

    /// <summary>Starts it.</summary>
    /// <param name="url">Where it is to listen; a port of 0 is a free one.</param>
    /// <param name="nodes">The nodes.</param>
    /// <param name="knowsViewers">False: every node gets everything in turn, so that they have to call each other.</param>
    public static async Task<FrontDoor> StartAsync(Uri url, IEnumerable<Uri> nodes, bool knowsViewers = true)
    {
        var policy = knowsViewers ? ViewerLoadBalancing.PolicyName : LoadBalancingPolicies.RoundRobin;
        Uri[] first = [.. nodes];
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Critical);
        builder.WebHost.UseUrls(url.GetLeftPart(UriPartial.Authority));
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        builder.Services.AddReverseProxy()
            .LoadFromMemory(Routes, ClustersOf(first, policy))
            .ConfigureHttpClient((_, handler) => handler.ConnectTimeout = ConnectTimeout);
        builder.Services.AddSingleton(_ => new ViewerPlaces(new SocketsHttpHandler { ConnectTimeout = ConnectTimeout }, TimeProvider.System));
        builder.Services.AddSingleton<ILoadBalancingPolicy, ViewerLoadBalancing>();
        builder.Services.AddSingleton<NodeHealth>();
        builder.Services.AddSingleton<IActiveHealthCheckPolicy>(services => services.GetRequiredService<NodeHealth>());
        var app = builder.Build();
        app.MapReverseProxy(proxy =>
        {
            proxy.Use(SafeRepetition.RunAsync);
            proxy.UseLoadBalancing();
            proxy.Use(app.Services.GetRequiredService<NodeHealth>().RunAsync);
        });
        await app.StartAsync();
        var door = new FrontDoor(app, policy, first);
        if (knowsViewers)
        {
            door._learning = app.Services.GetRequiredService<ViewerPlaces>().RunAsync(() => door._nodes, door._stop.Token);
        }

        return door;
    }

    /// <summary>Sends requests to these nodes from now on.</summary>
    public void Set(IEnumerable<Uri> nodes)
    {
        _nodes = [.. nodes];
        _app.Services.GetRequiredService<InMemoryConfigProvider>().Update(Routes, ClustersOf(_nodes, _policy));
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _learning;
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    private static readonly RouteConfig[] Routes =
    [
        new() { RouteId = Reads, ClusterId = Reads, Order = 0, Match = new RouteMatch { Path = "{**path}", Methods = ["GET", "HEAD"] } },
        new() { RouteId = Writes, ClusterId = Writes, Order = 1, Match = new RouteMatch { Path = "{**path}" } },
    ];

    private static ClusterConfig[] ClustersOf(IEnumerable<Uri> nodes, string policy)
    {
        var destinations = nodes.ToDictionary(node => node.Authority, node => new DestinationConfig { Address = node.GetLeftPart(UriPartial.Authority) });
        return [Of(Reads, LongestRead), Of(Writes, LongestWrite)];

        ClusterConfig Of(string id, TimeSpan longest) => new()
        {
            ClusterId = id,
            Destinations = destinations,
            LoadBalancingPolicy = policy,
            HttpRequest = new ForwarderRequestConfig { ActivityTimeout = longest },
            HealthCheck = new HealthCheckConfig
            {
                // Without a node that is ready a request is refused at once, and it is known that nothing was done.
                AvailableDestinationsPolicy = HealthCheckConstants.AvailableDestinations.HealthyAndUnknown,
                Active = new ActiveHealthCheckConfig { Enabled = true, Interval = CheckInterval, Timeout = CheckTimeout, Path = "/health/ready", Policy = NodeHealth.PolicyName },
            },
        };
    }
}
