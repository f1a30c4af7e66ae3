using System.Diagnostics;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Operations;
using Marquee.Silo;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Marquee.Benchmarks;

/// <summary>A complete node in this process, with the sample loaded, on a temporary data directory.</summary>
internal sealed class BenchmarkNode : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly string _directory;

    private BenchmarkNode(WebApplication app, string directory) => (_app, _directory) = (app, directory);

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public Uri Address => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<BenchmarkNode> Start()
    {
        var directory = Directory.CreateTempSubdirectory("marquee-benchmark-").FullName;
        var app = NodeHost.Build(["--urls", "http://127.0.0.1:0", $"--Marquee:Data={directory}", "--Marquee:Training=false", "--Logging:LogLevel:Default=Error"]);
        await app.StartAsync();
        var state = app.Services.GetRequiredService<NodeState>();
        while (!state.IsReady)
        {
            await Task.Delay(100);
        }

        await StandStill(app.Services.GetRequiredService<CatalogueReplica>());
        return new BenchmarkNode(app, directory);
    }

    /// <summary>Waits for the sample's last neighbours, which reach the catalogue some seconds after its events.</summary>
    private static async Task StandStill(CatalogueReplica replica)
    {
        var changedAt = Stopwatch.StartNew();
        for (var version = replica.Version; changedAt.Elapsed < TimeSpan.FromSeconds(4); await Task.Delay(100))
        {
            if (replica.Version != version)
            {
                version = replica.Version;
                changedAt.Restart();
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
