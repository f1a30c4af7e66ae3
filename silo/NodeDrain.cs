using Marquee.Grains.Events;
using Marquee.Grains.Operations;

namespace Marquee.Silo;

/// <summary>Before a node of a cluster stops: says that it is not ready, and serves on until load balancers have noticed.</summary>
/// <remarks>Meanwhile its partitions store what they hold, so that the others take them over in a moment.</remarks>
public sealed class NodeDrain(NodeState node, LocalPartitions partitions, SiloOptions options, ILogger<NodeDrain> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        var drain = options.IsEmbedded ? TimeSpan.Zero : TimeSpan.FromSeconds(options.DrainSeconds);
        if (drain == TimeSpan.Zero)
        {
            return;
        }

        node.NotReady("stopping");
        var noticed = Task.Delay(drain, cancellationToken);
        try
        {
            await Task.WhenAny(partitions.Checkpoint(), noticed);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "A partition could not store what it holds; whoever takes it over replays the log");
        }

        await noticed.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
