using System.Diagnostics;
using Marquee.Contracts.Events;
using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains;
using Marquee.Grains.Catalogue;
using Marquee.Grains.Models;
using Marquee.Grains.Operations;
using Marquee.Grains.Users;
using Marquee.Training;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;
using Microsoft.Extensions.Options;

namespace Marquee.Silo.Models;

/// <summary>Trains a new model in the background when enough has happened since the last one, and publishes it if it ranks no worse.</summary>
/// <remarks>
/// The node serves without a trained model too: popularity, transitions and co-watches are live from the first event.
/// In a cluster one node trains; the others follow what is published. The last day is left out of the training, so that the comparison with the model that ranks is a fair one.
/// </remarks>
public sealed class ModelTraining(
    ModelPublisher publisher,
    ModelFollower follower,
    CatalogueReplica replica,
    HistoryReader histories,
    NodeState node,
    ClusterLeader leader,
    IGrainFactory grains,
    SiloOptions options,
    IOptions<MarqueeOptions> marquee,
    TimeProvider time,
    ILogger<ModelTraining> logger) : BackgroundService
{
    /// <summary>Below this there is nothing to learn from.</summary>
    private const long FewestEvents = 2_000;

    /// <summary>A new model is worth its training when there are this many times the entries of the log of the last one.</summary>
    private const double Growth = 1.5;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan TrainingInterval = TimeSpan.FromMinutes(10);

    private readonly IModelRegistryGrain _registry = grains.GetGrain<IModelRegistryGrain>(marquee.Value.Tenant);

    /// <summary>Position of the log of the newest training of this process, whatever came of it.</summary>
    private long _trainedPosition;
    private long _lastTraining;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Training && !stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (node.IsReady && leader.IsHere && (_lastTraining == 0 || Stopwatch.GetElapsedTime(_lastTraining) > TrainingInterval)
                    && await PositionOfLog() is var position && await IsWorthTraining(position))
                {
                    _lastTraining = Stopwatch.GetTimestamp();
                    await Train(position, stoppingToken);
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

    private async Task<long> PositionOfLog()
    {
        var partitions = await Task.WhenAll(Enumerable.Range(0, marquee.Value.PartitionCount)
            .Select(partition => grains.GetGrain<IEventPartitionGrain>(partition).GetStatus()));
        return partitions.Sum(partition => partition.NextOffset);
    }

    private async Task<bool> IsWorthTraining(long position)
    {
        var list = await _registry.List();
        if (position < FewestEvents || follower.Sequence < list.Sequence)
        {
            return false;
        }

        // Of all kept versions: after a roll-back, what was rolled back is not trained once more at once.
        var trained = follower.Unreadable is null ? list.Versions.Max(static version => (long?)(version.LogPosition ?? version.Events)) ?? 0 : 0;
        return position >= (long)(Growth * Math.Max(trained, _trainedPosition));
    }

    private async Task Train(long position, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        _trainedPosition = position;
        var data = new TrainingData(replica.Metadata, await histories.ReadAll(cancellationToken));
        var training = new TrainingOptions { TrainedAt = time.GetUtcNow().ToUnixTimeMilliseconds() };
        var model = await TrainingThreads.Run("model training", () => ModelTrainer.Train(ModelTrial.WithoutPeriod(data), training, cancellation: cancellationToken));
        var named = model with { Version = await FreeName(model.Version) };
        var change = await publisher.Publish(PublishedModelCodec.ToBytes(named), ModelOrigin.Training, force: false, position, cancellationToken);
        if (change.Outcome == ModelOutcome.Done)
        {
            logger.LogInformation(
                "Trained and published model {Version} on {Events} events in {Seconds:0.0} s", named.Version, named.TrainedEvents, clock.Elapsed.TotalSeconds);
        }
        else
        {
            logger.LogWarning("The trained model {Version} was not published: {Reason}", named.Version, change.Reason);
        }
    }

    /// <summary>The name that training gave, with a number behind it when a kept version has that name.</summary>
    private async Task<string> FreeName(string version)
    {
        var list = await _registry.List();
        return Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? version : $"{version}-{number}").First(name => list.Find(name) is null);
    }
}
