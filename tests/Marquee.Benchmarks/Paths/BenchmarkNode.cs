using System.Diagnostics;
using Marquee.Engine.Catalogue;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Operations;
using Marquee.Silo;
using Marquee.Storage.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Marquee.Benchmarks.Paths;

/// <summary>A complete node in this process, with the sample loaded, on a temporary data directory.</summary>
internal sealed class BenchmarkNode : IAsyncDisposable
{
    private const string WithoutTraining = "--Marquee:Training=false";

    /// <summary>A stored model is read within this time.</summary>
    private static readonly TimeSpan ModelReadTime = TimeSpan.FromSeconds(5);

    private readonly WebApplication _app;
    private readonly bool _isTemporary;

    private BenchmarkNode(WebApplication app, string directory, bool isTemporary) => (_app, Directory, _isTemporary) = (app, directory, isTemporary);

    /// <summary>Its data directory.</summary>
    public string Directory { get; }

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public IPartitionLog Log => _app.Services.GetRequiredService<IPartitionLog>();

    public CatalogueReplica Replica => _app.Services.GetRequiredService<CatalogueReplica>();

    public CatalogueSnapshot Catalogue => Replica.Current;

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Starts a node on the sample and waits until it has a trained model and its catalogue stands still. It does not train itself.</summary>
    /// <param name="data">The data directory, kept for the next run; null for a temporary one.</param>
    public static async Task<BenchmarkNode> Start(string? data)
    {
        var directory = data ?? System.IO.Directory.CreateTempSubdirectory("marquee-benchmark-").FullName;
        var app = await StartUntilReady(directory, WithoutTraining);
        if (!await HasModel(app, ModelReadTime))
        {
            // Trained by a node of its own, so that nothing trains while something is measured.
            await app.DisposeAsync();
            app = await StartUntilReady(directory);
            await HasModel(app, Timeout.InfiniteTimeSpan);
            await app.DisposeAsync();
            app = await StartUntilReady(directory, WithoutTraining);
            await HasModel(app, Timeout.InfiniteTimeSpan);
        }

        var replica = app.Services.GetRequiredService<CatalogueReplica>();
        await StandStill(replica);
        return new BenchmarkNode(app, directory, isTemporary: data is null);
    }

    /// <summary>Starts a node on a data directory without sample and training, and waits until it is ready.</summary>
    public static async Task<BenchmarkNode> StartBare(string data) =>
        new(await StartUntilReady(data, "--Marquee:Sample=none", WithoutTraining), data, isTemporary: false);

    private static async Task<bool> HasModel(WebApplication app, TimeSpan within)
    {
        var replica = app.Services.GetRequiredService<CatalogueReplica>();
        for (var clock = Stopwatch.StartNew(); replica.Current.Model.Embeddings is null; await Task.Delay(100))
        {
            if (within != Timeout.InfiniteTimeSpan && clock.Elapsed > within)
            {
                return false;
            }
        }

        return true;
    }

    private static async Task<WebApplication> StartUntilReady(string directory, params string[] options)
    {
        var app = NodeHost.Build(["--urls", "http://127.0.0.1:0", $"--Marquee:Data={directory}", "--Logging:LogLevel:Default=Error", "--Logging:LogLevel:Marquee=Error", "--Logging:LogLevel:Orleans=None", .. options]);
        await app.StartAsync();
        var state = app.Services.GetRequiredService<NodeState>();
        while (!state.IsReady)
        {
            await Task.Delay(20);
        }

        return app;
    }

    /// <summary>Waits for the sample's last neighbours, which reach the catalogue some seconds after its events.</summary>
    /// <param name="replica">The catalogue.</param>
    /// <param name="longest">Longer it does not wait; null: as long as it takes.</param>
    /// <returns>False when the catalogue was still changing.</returns>
    public static async Task<bool> StandStill(CatalogueReplica replica, TimeSpan? longest = null)
    {
        var (changedAt, waited) = (Stopwatch.StartNew(), Stopwatch.StartNew());
        for (var version = replica.Version; changedAt.Elapsed < TimeSpan.FromSeconds(4); await Task.Delay(100))
        {
            if (waited.Elapsed > longest)
            {
                return false;
            }

            if (replica.Version != version)
            {
                version = replica.Version;
                changedAt.Restart();
            }
        }

        return true;
    }

    /// <summary>Stops it in order.</summary>
    public ValueTask StopAsync() => _app.DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (_isTemporary)
        {
            System.IO.Directory.Delete(Directory, recursive: true);
        }
    }
}
