using System.Diagnostics;
using Marquee.Contracts.Events;
using Marquee.Engine.Models;
using Marquee.Grains;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Operations;
using Marquee.Grains.Users;
using Marquee.Training.Data;
using Marquee.Training.Models;
using Microsoft.Extensions.Options;

namespace Marquee.Silo.Models;

/// <summary>Publishes the stored model at start and when another node has stored a newer one; one node trains a new one in the background when enough has happened since.</summary>
/// <remarks>The node serves without a trained model too: popularity, transitions and co-watches are live from the first event.</remarks>
public sealed class ModelTraining(
    ModelStore store,
    CatalogueReplica replica,
    HistoryReader histories,
    NodeState node,
    ClusterLeader leader,
    IGrainFactory grains,
    SiloOptions options,
    IOptions<MarqueeOptions> marquee,
    ILogger<ModelTraining> logger) : BackgroundService
{
    /// <summary>Below this there is nothing to learn from.</summary>
    private const long FewestEvents = 2_000;

    /// <summary>A new model is worth its training when there are this many times the events of the last one.</summary>
    private const double Growth = 1.5;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TrainingInterval = TimeSpan.FromMinutes(10);

    /// <summary>A model that another node has trained is in use here after this time at the latest.</summary>
    private static readonly TimeSpan ReadInterval = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long lastRead = 0;
        long lastTraining = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (lastRead == 0 || (!options.IsEmbedded && Stopwatch.GetElapsedTime(lastRead) > ReadInterval))
                {
                    await PublishStored();
                    lastRead = Stopwatch.GetTimestamp();
                }

                if (options.Training && node.IsReady && leader.IsHere && (lastTraining == 0 || Stopwatch.GetElapsedTime(lastTraining) > TrainingInterval) && await IsWorthTraining())
                {
                    lastTraining = Stopwatch.GetTimestamp();
                    await Train(stoppingToken);
                }

                await Task.Delay(CheckInterval, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "The model could not be trained; the node goes on with {Version}", replica.Current.Model.Version);
                await Task.Delay(CheckInterval, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PublishStored()
    {
        if (await store.Read() is { } model && model.Version != replica.Current.Model.Version)
        {
            replica.Publish(model);
        }
    }

    private async Task<bool> IsWorthTraining()
    {
        var partitions = await Task.WhenAll(Enumerable.Range(0, marquee.Value.PartitionCount)
            .Select(partition => grains.GetGrain<IEventPartitionGrain>(partition).GetStatus()));
        return partitions.Sum(partition => partition.NextOffset) >= Math.Max(FewestEvents, (long)(Growth * store.TrainedEvents));
    }

    private async Task Train(CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var events = await histories.ReadAll(cancellationToken);
        var model = await OnBackgroundThread(() => ModelTrainer.Train(new TrainingData(replica.Metadata, events), new TrainingOptions(), cancellation: cancellationToken));
        replica.Publish(model);
        await store.Write(model, events.Count);
        logger.LogInformation(
            "Trained and published model {Version} on {Events} events in {Seconds:0.0} s",
            model.Version,
            events.Count,
            clock.Elapsed.TotalSeconds);
    }

    /// <summary>Runs the training below everything that serves.</summary>
    private static Task<PublishedModel> OnBackgroundThread(Func<PublishedModel> train)
    {
        var done = new TaskCompletionSource<PublishedModel>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(train());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = "model training",
            Priority = ThreadPriority.Lowest,
        };
        thread.Start();
        return done.Task;
    }
}
