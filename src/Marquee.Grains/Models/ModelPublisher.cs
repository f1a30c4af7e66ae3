using System.Globalization;
using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Grains.Catalogue;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Models;

/// <summary>The one way by which a model comes to rank: it is compared with the one that ranks, stored, and registered. Thread-safe.</summary>
public sealed class ModelPublisher(
    IGrainFactory grains,
    ModelFiles files,
    ModelFollower follower,
    CatalogueReplica replica,
    IModelJudge judge,
    IOptions<MarqueeOptions> options,
    TimeProvider time,
    ILogger<ModelPublisher> logger)
{
    private static readonly TimeSpan FollowTimeout = TimeSpan.FromSeconds(10);

    private int _isBusy;

    /// <summary>Publishes a model file.</summary>
    /// <param name="bytes">The file.</param>
    /// <param name="origin">Where it came from.</param>
    /// <param name="force">Publish it even if it ranks worse.</param>
    /// <param name="logPosition">Position of the log when its training began; null when it was trained elsewhere.</param>
    /// <param name="cancellationToken">Stops the comparison; nothing is changed then.</param>
    public async Task<ModelChange> Publish(byte[] bytes, ModelOrigin origin, bool force, long? logPosition, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isBusy, 1) != 0)
        {
            return Refused(ModelOutcome.Busy, "Another model is being compared on this node. Retry after a moment.");
        }

        try
        {
            return await PublishAlone(bytes, origin, force, logPosition, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isBusy, 0);
        }
    }

    private async Task<ModelChange> PublishAlone(byte[] bytes, ModelOrigin origin, bool force, long? logPosition, CancellationToken cancellationToken)
    {
        if (Read(bytes, out var model) is { } wrong)
        {
            return Refused(ModelOutcome.NotAModel, wrong);
        }

        var registry = grains.GetGrain<IModelRegistryGrain>(options.Value.Tenant);
        var list = await registry.List();
        var version = ModelVersions.Describe(model!, bytes, StoreKeyOf(model!), origin, list.Current, time.GetUtcNow()) with { LogPosition = logPosition };
        if (list.Find(version.Version) is not null)
        {
            // The registry knows whether this is the same model once more.
            return await registry.Register(version);
        }

        // What ranks here is what it is compared with.
        if (!await follower.WaitFor(list.Sequence, FollowTimeout))
        {
            return Refused(ModelOutcome.Unavailable, $"This node does not rank with {list.Current} yet. Retry after a moment.");
        }

        try
        {
            version = version with { Trial = await judge.Compare(model!, replica.Current.Model, cancellationToken) };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogWarning(exception, "The model {Version} could not be compared with {Current}", version.Version, list.Current);
            if (!force)
            {
                return Refused(ModelOutcome.Unavailable, $"The model could not be compared with {list.Current}: {exception.Message}");
            }
        }

        if (version.Trial is { IsWorse: true } trial)
        {
            if (!force)
            {
                return new ModelChange(ModelOutcome.Worse, list.Current, version, list.Sequence, Tell(version.Version, trial));
            }

            version = version with { Forced = true };
        }

        return await Register(registry, version, bytes);
    }

    private async Task<ModelChange> Register(IModelRegistryGrain registry, ModelVersion version, byte[] bytes)
    {
        await files.Write(version.StoreKey, new StoredModel { Model = bytes, Events = version.Events });
        var change = await registry.Register(version);
        if (change.Version?.StoreKey != version.StoreKey || change.Outcome != ModelOutcome.Done)
        {
            await files.Remove(version.StoreKey);
        }

        return change;
    }

    private static string? Read(byte[] bytes, out PublishedModel? model)
    {
        model = null;
        try
        {
            model = PublishedModelCodec.FromBytes(bytes);
            return model.Version == ModelList.Untrained || !ModelVersions.IsName(model.Version)
                ? $"The model's version '{model.Version}' cannot be used: it must be 1 to 128 letters, digits or . _ ~ - and not '{ModelList.Untrained}'."
                : null;
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Never used twice, so that a kept model is never written over.</summary>
    private string StoreKeyOf(PublishedModel model) => $"{options.Value.Tenant}/{model.Version}/{Guid.NewGuid():N}";

    private ModelChange Refused(ModelOutcome outcome, string reason) => new(outcome, replica.Current.Model.Version, null, -1, reason);

    private static string Tell(string version, ModelTrialFigures trial) => string.Create(
        CultureInfo.InvariantCulture,
        $"{version} ranks the last day of the stream worse than {trial.Replaced}, which it would replace: NDCG@10 {trial.Ndcg10:.0000} against {trial.ReplacedNdcg10:.0000}, Recall@10 {trial.Recall10:.0000} against {trial.ReplacedRecall10:.0000}, over {trial.Lists} lists. Nothing was changed.");
}
