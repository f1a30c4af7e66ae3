using Marquee.Gateway;
using Marquee.Gateway.Operations;
using Marquee.Grains;
using Marquee.Grains.Operations;
using Marquee.Silo.Models;
using Marquee.Silo.Sample;
using Microsoft.Extensions.Configuration.Memory;

namespace Marquee.Silo;

/// <summary>Composes the node: one call per capability.</summary>
public static class NodeHost
{
    /// <summary>What holds when neither command line nor environment nor appsettings say otherwise.</summary>
    private static readonly Dictionary<string, string?> Defaults = new()
    {
        ["urls"] = "http://127.0.0.1:8080",
        ["Logging:LogLevel:Default"] = "Warning",
        ["Logging:LogLevel:Marquee"] = "Information",

        // A last resort while shutting down; the reason for a failed start is told once, by Program.
        ["Logging:LogLevel:Microsoft.Extensions.Hosting.Internal.Host"] = "Critical",
    };

    /// <summary>Builds the node from command line, environment and appsettings.</summary>
    /// <exception cref="SiloOptionsException">The options are wrong; says every mistake.</exception>
    public static WebApplication Build(string[] args)
    {
        // Options hold from start to end. To watch the files would wake up with every write to a data folder beneath them.
        var builder = WebApplication.CreateBuilder([.. args, "--hostBuilder:reloadConfigOnChange=false"]);
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Defaults });
        var options = SiloOptions.Read(builder.Configuration);

        builder.Host.UseOrleans(silo => silo
            .AddStorage(options)
            .AddMarqueeGrains(grains =>
            {
                grains.Tenant = options.Tenant;
                grains.PartitionCount = options.Partitions;
                grains.IsClustered = !options.IsEmbedded;
                grains.ExploreShare = options.ExploreShare;
                grains.MostUnknownTitles = options.UnknownTitles;
                grains.CheckpointEvents = options.CheckpointEvents;
                grains.CheckpointInterval = TimeSpan.FromSeconds(options.CheckpointSeconds);
            }));
        builder.Services
            .AddSingleton(options)
            .AddSingleton<IFatalErrorHandler, SuddenEnd>()
            .AddSingleton(SecondPort.Of(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            .AddSingleton<ClusterLeader>()
            .AddSample()
            .AddModels()
            .AddMarqueeGateway(gateway =>
            {
                gateway.Tenant = options.Tenant;
                gateway.PartitionCount = options.Partitions;
            })
            .AddSingleton<IReadiness, NodeReadiness>()
            .AddHostedService<NodeStart>()
            .AddHostedService<NodeDrain>()
            .AddSingleton<NodeParts>()
            .AddHostedService(provider => provider.GetRequiredService<NodeParts>());

        var app = builder.Build();
        app.Services.GetRequiredService<NodeState>().Storage = options.Storage;
        app.Services.GetRequiredService<NodeParts>().Begin(app);
        return app;
    }
}
