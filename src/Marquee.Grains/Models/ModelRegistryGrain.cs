using Marquee.Contracts.Models;
using Marquee.Engine.Models;
using Marquee.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Marquee.Grains.Models;

/// <summary>The kept versions of the model, stored; each change is durable before anyone hears of it.</summary>
[KeepAlive, GrainType("model-registry")]
internal sealed class ModelRegistryGrain(
    [FromKeyedServices(StorageNames.Snapshots)] IGrainStorage storage,
    ModelFiles files,
    TimeProvider time,
    IHostApplicationLifetime lifetime,
    ILogger<ModelRegistryGrain> logger) : Grain, IModelRegistryGrain
{
    /// <summary>How many versions are kept, besides the one that ranks.</summary>
    internal const int MostVersions = 5;

    private const string StateName = "models";
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly GrainState<ModelRegistryState> _stored = new(new ModelRegistryState());
    private ModelList _list = new(ModelList.Untrained, 0, []);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        await storage.ReadStateAsync(StateName, this.GetGrainId(), _stored);
        if (_stored.RecordExists)
        {
            _list = _stored.State!.List;
        }
        else if (await FirstModel() is { } version)
        {
            await Store(new ModelList(version.Version, 1, [version]));
        }
    }

    public Task<ModelList> List() => Task.FromResult(_list);

    public async Task<ModelList> WaitForChange(long sequence, TimeSpan wait)
    {
        if (_list.Sequence == sequence && wait > TimeSpan.Zero)
        {
            // A silo that stops waits for the calls that it serves: those that only wait end then.
            await Task.WhenAny(_changed.Task, Task.Delay(wait < LongestWait ? wait : LongestWait, time, lifetime.ApplicationStopping));
        }

        return _list;
    }

    public async Task<ModelChange> Register(ModelVersion version)
    {
        if (_list.Find(version.Version) is { } namesake)
        {
            return namesake.Hash == version.Hash && _list.Current == version.Version
                ? Done(namesake)
                : Refused(ModelOutcome.VersionTaken, version, $"A version {version.Version} is kept already. Give the model another name, or roll back to that version.");
        }

        if (version.Replaced != _list.Current)
        {
            return Refused(ModelOutcome.Overtaken, version, $"The model was compared with {version.Replaced}, and meanwhile {_list.Current} was published. Publish it again.");
        }

        await Change(new ModelList(version.Version, _list.Sequence + 1, [version, .. _list.Versions]));
        return Done(version);
    }

    public async Task<ModelChange> RollBack(string? version)
    {
        var target = version ?? _list.CurrentVersion?.Replaced;
        if (target is null)
        {
            return Refused(ModelOutcome.NoSuchVersion, null, "Nothing was published, so there is nothing to roll back to.");
        }

        var kept = _list.Find(target);
        if (kept is null && target != ModelList.Untrained)
        {
            return Refused(ModelOutcome.NoSuchVersion, null, $"There is no version {target}. Kept are {string.Join(", ", _list.Versions.Select(static known => known.Version).Append(ModelList.Untrained))}.");
        }

        if (target != _list.Current)
        {
            await Change(_list with { Current = target, Sequence = _list.Sequence + 1 });
        }

        return Done(kept);
    }

    private ModelChange Done(ModelVersion? version) => new(ModelOutcome.Done, _list.Current, version, _list.Sequence, null);

    private ModelChange Refused(ModelOutcome outcome, ModelVersion? version, string reason) => new(outcome, _list.Current, version, _list.Sequence, reason);

    private async Task Change(ModelList list)
    {
        var kept = list.Versions.Where((version, place) => place < MostVersions || version.Version == list.Current);
        await Store(list with { Versions = [.. kept] });
        foreach (var dropped in list.Versions.Except(_list.Versions))
        {
            try
            {
                await files.Remove(dropped.StoreKey);
            }
            catch (Exception exception)
            {
                // The list no longer names it, so it does no harm but take room.
                logger.LogWarning(exception, "The model {Version} is no longer kept, but could not be removed from the store", dropped.Version);
            }
        }
    }

    private async Task Store(ModelList list)
    {
        _stored.State = new ModelRegistryState { List = list };
        await storage.WriteStateAsync(StateName, this.GetGrainId(), _stored);
        _list = list;
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    /// <summary>The model of a store from before there were versions; null when there is none, or none that this program reads.</summary>
    private async Task<ModelVersion?> FirstModel()
    {
        if (await files.Read(ModelFiles.FirstKey) is not { } stored)
        {
            return null;
        }

        try
        {
            var model = PublishedModelCodec.FromBytes(stored.Model);
            return ModelVersions.Describe(model, stored.Model, ModelFiles.FirstKey, ModelOrigin.Training, ModelList.Untrained, time.GetUtcNow()) with { Events = stored.Events };
        }
        catch (InvalidDataException unreadable)
        {
            logger.LogWarning(unreadable, "The stored model cannot be read and is not used; a new one is trained");
            return null;
        }
    }
}

/// <summary>The kept versions as they are stored.</summary>
[GenerateSerializer, Alias("marquee.model-registry-state")]
internal sealed class ModelRegistryState
{
    /// <summary>The versions.</summary>
    [Id(0)] public ModelList List { get; set; } = new(ModelList.Untrained, 0, []);
}
