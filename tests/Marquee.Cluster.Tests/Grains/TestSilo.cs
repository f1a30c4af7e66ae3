using System.Net;
using System.Net.Sockets;
using Marquee.Grains;
using Marquee.Grains.Models;
using Marquee.Storage;
using Marquee.Storage.Embedded;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Marquee.Cluster.Tests.Grains;

/// <summary>A silo in this process over the embedded store, with a log that faults can be injected into.</summary>
internal sealed class TestSilo : IAsyncDisposable
{
    private readonly IHost _host;

    private TestSilo(IHost host, FaultyLog log) => (_host, Log) = (host, log);

    public FaultyLog Log { get; }

    public FaultyStates States => (FaultyStates)_host.Services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots);

    public FaultyCalls Calls => Get<FaultyCalls>();

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();

    public static async Task<TestSilo> Start(string directory, Action<MarqueeOptions>? configure = null, TimeProvider? time = null)
    {
        var storage = new SqliteStorageOptions { Directory = directory, PartitionCount = 4 };
        FaultyLog? log = null;
        var host = Host.CreateDefaultBuilder()
            .UseOrleans(silo =>
            {
                silo.UseLocalhostClustering(FreePort(), gatewayPort: 0, serviceId: "marquee", clusterId: Guid.NewGuid().ToString("N"));
                silo.Services.AddSingleton(time ?? TimeProvider.System);
                silo.AddMarqueeGrains(options =>
                {
                    options.PartitionCount = 4;
                    configure?.Invoke(options);
                });
                silo.Services.AddSingleton(storage);
                silo.Services.AddSingleton<IModelJudge, FakeJudge>();
                silo.Services.AddSingleton<FaultyCalls>();
                silo.Services.AddSingleton<IOutgoingGrainCallFilter>(provider => provider.GetRequiredService<FaultyCalls>());
                silo.Services.AddSingleton<IPartitionLog>(_ => log = new FaultyLog(new SqlitePartitionLog(directory, storage)));
                silo.Services.AddKeyedSingleton<IGrainStorage>(StorageNames.Snapshots, (provider, _) => new FaultyStates(new SqliteGrainStorage(
                    directory,
                    storage,
                    new SnapshotSerializer(provider.GetRequiredService<Orleans.Serialization.Serializer>()),
                    provider.GetRequiredService<IActivatorProvider>())));
            })
            .Build();
        await host.StartAsync();
        return new TestSilo(host, (FaultyLog)host.Services.GetRequiredService<IPartitionLog>());
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
