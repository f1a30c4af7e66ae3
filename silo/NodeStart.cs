using System.Diagnostics;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Events;
using Marquee.Grains;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Operations;
using Marquee.Silo.Sample;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;

namespace Marquee.Silo;

/// <summary>Brings the node from "the silo runs" to "ready": opens the partitions, loads the sample, waits for the catalogue.</summary>
public sealed class NodeStart(
    IGrainFactory grains,
    NodeState node,
    CatalogueReplica replica,
    SampleLoader sample,
    ClusterLeader leader,
    SiloOptions options,
    IOptions<MarqueeOptions> marquee,
    IServer server,
    IHostApplicationLifetime lifetime,
    ILogger<NodeStart> logger) : BackgroundService
{
    private static readonly TimeSpan CatalogueTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RetryInterval = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await WaitUntilStarted(stoppingToken);
        var clock = Stopwatch.StartNew();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await OpenPartitions(stoppingToken);
                await LoadSample(stoppingToken);
                await WaitForCatalogue();
                node.Ready();
                Console.WriteLine(Welcome.Text(Address(), replica.Current.TitleCount, clock.Elapsed));
                return;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                node.NotReady(exception.Message);
                logger.LogError(exception, "The node is not ready yet; trying again in {Seconds} s", RetryInterval.TotalSeconds);
                await Task.Delay(RetryInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task WaitUntilStarted(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var onStarted = lifetime.ApplicationStarted.Register(() => started.TrySetResult());
        using var onStopping = stoppingToken.Register(() => started.TrySetResult());
        await started.Task;
    }

    private async Task OpenPartitions(CancellationToken cancellationToken)
    {
        node.NotReady("opening the partitions");
        await Task.WhenAll(Enumerable.Range(0, marquee.Value.PartitionCount)
            .Select(partition => grains.GetGrain<IEventPartitionGrain>(partition).GetStatus())).WaitAsync(cancellationToken);
    }

    /// <summary>Waits until the replica holds what the feed held when it was asked.</summary>
    private async Task WaitForCatalogue()
    {
        node.NotReady("reading the catalogue");
        var version = await grains.GetGrain<ICatalogueFeedGrain>(marquee.Value.Tenant).GetVersion();
        if (!await replica.WaitFor(version, CatalogueTimeout))
        {
            throw new TimeoutException($"The catalogue's replica did not reach version {version} in time.");
        }
    }

    private async Task LoadSample(CancellationToken cancellationToken)
    {
        if (options.Sample == "none")
        {
            return;
        }

        while (!leader.IsHere && !await sample.IsLoaded())
        {
            node.NotReady("waiting for the sample, which another node loads");
            await Task.Delay(RetryInterval, cancellationToken);
        }

        using var bar = new ProgressLine();
        await sample.Load(
            (what, share) =>
            {
                node.NotReady($"loading the sample's {what}: {share:P0}");
                bar.Show($"Loading the sample's {what}", share);
            },
            cancellationToken);
    }

    private string Address() =>
        server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://127.0.0.1:8080";
}
