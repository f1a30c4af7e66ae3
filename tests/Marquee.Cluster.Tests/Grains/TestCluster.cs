using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Marquee.Gateway;
using Marquee.Grains;
using Marquee.Grains.Models;
using Marquee.Storage;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Serialization;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>Nodes in this process that form one cluster and share an embedded store; calls of each can be made to fail.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    private const int Partitions = 4;

    private readonly string _directory = Directory.CreateTempSubdirectory("marquee-nodes-").FullName;
    private readonly List<TestNode> _nodes = [];
    private readonly SqliteStorageOptions _options;
    private readonly SqlitePartitionLog _log;
    private readonly SqliteGrainStorage _states;

    private TestCluster()
    {
        _options = new SqliteStorageOptions { Directory = _directory, PartitionCount = Partitions };
        var serializers = new ServiceCollection().AddSerializer().BuildServiceProvider();
        _log = new SqlitePartitionLog(_directory, _options);
        _states = new SqliteGrainStorage(
            _directory, _options, new SnapshotSerializer(serializers.GetRequiredService<Serializer>()), serializers.GetRequiredService<IActivatorProvider>());
    }

    public IReadOnlyList<TestNode> Nodes => _nodes;

    /// <summary>Starts nodes one after the other and waits until each knows all.</summary>
    /// <param name="size">How many nodes.</param>
    /// <param name="gateway">Further options of each gateway.</param>
    /// <param name="grains">Further options of each silo's grains.</param>
    public static async Task<TestCluster> StartAsync(int size, Action<GatewayOptions>? gateway = null, Action<MarqueeOptions>? grains = null)
    {
        var cluster = new TestCluster();
        var clusterId = Guid.NewGuid().ToString("N");
        var primary = new IPEndPoint(IPAddress.Loopback, FreePort());
        for (var i = 0; i < size; i++)
        {
            var port = i == 0 ? primary.Port : FreePort();
            cluster._nodes.Add(await TestNode.StartAsync(builder => cluster.Compose(builder, port, primary, clusterId, gateway, grains)));
        }

        foreach (var node in cluster.Nodes)
        {
            await node.Eventually("v1/status", status => status.GetProperty("silos").GetArrayLength() == size);
        }

        return cluster;
    }

    public async ValueTask DisposeAsync()
    {
        // The first one holds the list of members.
        foreach (var node in _nodes.AsEnumerable().Reverse())
        {
            await node.DisposeAsync();
        }

        await _log.DisposeAsync();
        _states.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    private void Compose(WebApplicationBuilder builder, int port, IPEndPoint primary, string clusterId, Action<GatewayOptions>? gateway, Action<MarqueeOptions>? grains)
    {
        builder.Host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(port, gatewayPort: 0, primary, serviceId: "marquee", clusterId);
            silo.AddMarqueeGrains(options =>
            {
                (options.PartitionCount, options.IsClustered) = (Partitions, true);
                grains?.Invoke(options);
            });
            silo.AddPeerWatch().AddPartitionBalancing();
            silo.Services.AddSingleton<FaultyCalls>();
            silo.Services.AddSingleton<IOutgoingGrainCallFilter>(provider => provider.GetRequiredService<FaultyCalls>());
            silo.Services.AddSingleton<IModelJudge, FakeJudge>();
            silo.Services.AddSingleton(_options);
            silo.Services.AddSingleton<IPartitionLog>(_log);
            silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Snapshots, _states);
        });
        builder.Services.AddMarqueeGateway(options =>
        {
            options.PartitionCount = Partitions;
            gateway?.Invoke(options);
        });
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

/// <summary>One of them.</summary>
internal sealed class TestNode : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestNode(WebApplication app)
    {
        _app = app;
        Http = new HttpClient { BaseAddress = new Uri(app.Urls.Single()), Timeout = TimeSpan.FromSeconds(60) };
    }

    public HttpClient Http { get; }

    public FaultyCalls Calls => _app.Services.GetRequiredService<FaultyCalls>();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<TestNode> StartAsync(Action<WebApplicationBuilder> compose)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        compose(builder);
        var app = builder.Build();
        app.MapMarquee();
        await app.StartAsync(Cancellation);
        return new TestNode(app);
    }

    public async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>(path, Cancellation);

    /// <summary>Asks until an answer is as it should be, half a minute at most.</summary>
    public async Task<JsonElement> Eventually(string path, Predicate<JsonElement> isRight)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        giveUp.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            using var answer = await Http.GetAsync(path, giveUp.Token);
            if (answer.IsSuccessStatusCode && await answer.Content.ReadFromJsonAsync<JsonElement>(giveUp.Token) is var json && isRight(json))
            {
                return json;
            }

            await Task.Delay(100, giveUp.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }
}
