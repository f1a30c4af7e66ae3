using System.Collections.Immutable;
using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Titles;
using Marquee.Contracts.Users;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Grains.Operations;
using Marquee.Grains.Titles;
using Marquee.Storage;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Storage;

namespace Marquee.Grains.Events;

/// <summary>The single writer of one partition. Decides order only: check, append, fold, tell.</summary>
/// <remarks>That two activations may run for a while is no danger: the log's epoch refuses what the older one writes, and before it answers who reads it asks whether the claim still holds.</remarks>
[KeepAlive, Immovable, PartitionPlacement, GrainType(PartitionSnapshot.GrainTypeName)]
internal sealed class EventPartitionGrain(
    IPartitionLog log,
    [FromKeyedServices(StorageNames.Snapshots)] IGrainStorage snapshotStorage,
    IOptions<MarqueeOptions> options,
    NodeMetrics metrics,
    TimeProvider time,
    TitleCourier courier,
    TitleAdmission admission,
    GrainReferences<IUserGrain> users,
    LocalPartitions local,
    LocalViewers viewers,
    TitleTable titles,
    ILocalSiloDetails silo,
    IClusterMembershipService membership,
    ILogger<EventPartitionGrain> logger) : Grain, IEventPartitionGrain
{
    private const string Open = "open";
    private static readonly TimeSpan HintInterval = TimeSpan.FromSeconds(1);

    private OpenPartition _partition = null!;
    private PartitionClaim _claim = null!;
    private PartitionWriter _writer = null!;
    private UserDelivery _delivery = null!;
    private TitleHandOver _titles = null!;
    private PartitionCheckpoint _checkpoint = null!;
    private UserTailReader _tails = null!;
    private string _state = Open;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var number = (int)this.GetPrimaryKeyLong();
        var snapshots = new PartitionSnapshots(snapshotStorage, this.GetGrainId(), titles, logger);
        var opened = ClaimMoment.Of(membership, time);
        _partition = await PartitionRecovery.Open(log, snapshots, number, options.Value, cancellationToken);
        _claim = new PartitionClaim(log, _partition, membership, opened, time);
        _delivery = new UserDelivery(users, viewers, _partition, options.Value.DeliveryBudget, time, logger);
        if (options.Value.IsClustered)
        {
            // Those on other silos ask by themselves: after a change of the cluster with the next answer, else within seconds.
            _delivery.Suspect(viewers.Of(number));
            this.RegisterDetachedTimer(ConfirmClaim, HintInterval);
        }

        _titles = new TitleHandOver(GrainFactory, courier, _partition, time, logger);
        _checkpoint = new PartitionCheckpoint(log, snapshots, users, _partition, options.Value, time, () => OnLost(PartitionWriter.TakenOver), logger);
        _tails = new UserTailReader(log, _partition, time);
        _writer = new PartitionWriter(log, _partition, _claim, _delivery, options.Value, time, _titles.NoteCommit, metrics.NoteFenced, OnLost);
        this.RegisterDetachedTimer(_titles.Run, options.Value.TitleInterval);
        this.RegisterDetachedTimer(_delivery.HintUndelivered, HintInterval, firstAfter: TimeSpan.Zero);
        this.RegisterDetachedTimer(_checkpoint.RunIfDue, HintInterval);
        local.Add(number, GrainContext);
    }

    public async Task<AppendResult> Append(string tenant, ImmutableArray<EngagementMessage> events)
    {
        var refused = admission.Refuse(events, _partition.State.FoldOf(tenant));
        if (refused.Length > 0)
        {
            events = [.. events.Where((_, i) => refused.BinarySearch(i) < 0)];
        }

        var entries = new LogEntry[events.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = new LogEntry(tenant, events[i].UserId, events[i].ToEngine());
        }

        var result = await _writer.Append(entries);
        metrics.NoteEvents(result.Accepted, result.Duplicates);
        return refused.Length > 0 ? result with { RefusedTitles = refused } : result;
    }

    public async Task<AppendResult> EraseUser(string tenant, string userId)
    {
        var result = await _writer.Append([new LogEntry(tenant, userId, null)]);
        _checkpoint.ScrubSoon(GrainKeys.Of(tenant, userId));
        return result;
    }

    public async Task<UserTail> ReadUserTail(string tenant, string userId, long after)
    {
        if (options.Value.IsClustered && !await _claim.HoldsForReaders())
        {
            OnLost(PartitionWriter.TakenOver);
        }

        return _state == Open
            ? (await _tails.Read(GrainKeys.Of(tenant, userId), after)) with { MembersVersion = membership.CurrentSnapshot.Version.Value }
            : throw new InvalidOperationException($"Partition {_partition.Number} is opened anew: {_state}");
    }

    public Task<ImmutableArray<TitleShareMessage?>> ReadTitles(string tenant, ImmutableArray<string> titleIds)
    {
        var fold = _partition.State.FoldOf(tenant);
        var answers = ImmutableArray.CreateBuilder<TitleShareMessage?>(titleIds.Length);
        foreach (var titleId in titleIds)
        {
            answers.Add(fold.Find(titleId)?.ToMessage(_partition.Number, committedAt: 0));
        }

        return Task.FromResult(answers.MoveToImmutable());
    }

    public Task<ChangedNeighbours> TakeChangedNeighbours(string tenant, long? since, int most)
    {
        var fold = _partition.State.FoldOf(tenant);
        if (since is { } offset)
        {
            fold.MarkNeighboursChangedSince(offset);
        }

        var titleIds = fold.TakeChangedNeighbours(most).ToImmutableArray();
        return Task.FromResult(new ChangedNeighbours(titleIds, fold.HasChangedNeighbours ? null : _partition.State.NextOffset, _partition.Epoch));
    }

    public Task<NeighbourShareMessage> ReadNeighbours(string tenant, ImmutableArray<string> titleIds) =>
        Task.FromResult(_partition.State.FoldOf(tenant).NeighboursOf(titleIds).ToMessage());

    public Task<PartitionStatus> GetStatus() => Task.FromResult(new PartitionStatus(
        _partition.Number,
        _partition.Epoch,
        _partition.State.NextOffset,
        _partition.SnapshotOffset,
        _partition.FirstOffset,
        _titles.PublishedOffset,
        _delivery.UndeliveredUsers,
        _state,
        silo.SiloAddress.ToString()));

    public Task Checkpoint() => _checkpoint.Run();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove((int)this.GetPrimaryKeyLong(), GrainContext);
        _titles?.Stop();
        return Task.CompletedTask;
    }

    /// <summary>Finds out that another silo has taken the partition over, even when nobody writes and nobody asks.</summary>
    private async Task ConfirmClaim()
    {
        try
        {
            if (!await _claim.HoldsAtRest())
            {
                OnLost(PartitionWriter.TakenOver);
            }
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "The store does not say whether partition {Partition} is still this node's; asking again", _partition.Number);
        }
    }

    private void OnLost(string reason)
    {
        if (_state != Open)
        {
            return;
        }

        logger.LogWarning("Partition {Partition} lost its claim under epoch {Epoch}: {Reason}", _partition.Number, _partition.Epoch, reason);
        _state = reason;
        DeactivateOnIdle();
    }
}
