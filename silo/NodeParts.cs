using Marquee.Gateway;
using Marquee.Storage;
using Marquee.Storage.Events;
using Orleans.Storage;

namespace Marquee.Silo;

/// <summary>Makes parts of the node beside the silo's own start, which keeps one processor busy: the API's routes, and the stores, which check what they hold.</summary>
/// <remarks>Registered behind the silo and, by the framework, before the server: nothing is served before the routes stand.</remarks>
public sealed class NodeParts(SiloOptions options) : IHostedService
{
    private Task _routes = Task.CompletedTask;

    /// <summary>Begins to make them.</summary>
    public void Begin(WebApplication app)
    {
        _routes = Task.Run(app.MapMarquee);
        if (options.IsEmbedded)
        {
            // One that cannot be opened is opened again by the silo's start, which then fails with the reason.
            _ = Task.Run(() => OpenStores(app.Services));
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => _routes.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void OpenStores(IServiceProvider services)
    {
        services.GetRequiredService<IPartitionLog>();
        services.GetRequiredKeyedService<IGrainStorage>(StorageNames.Snapshots);
    }
}
