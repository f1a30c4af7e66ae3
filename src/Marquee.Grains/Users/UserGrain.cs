using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Marquee.Engine.Titles;
using Marquee.Grains.Events;
using Marquee.Grains.Operations;
using Marquee.Grains.Recommendations;
using Marquee.Storage;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Placement;
using Orleans.Storage;

namespace Marquee.Grains.Users;

/// <summary>One viewer. Applies what its partition hands over, pulls what is missing, and answers from an immutable view of its taste.</summary>
/// <remarks>
/// Invariant: no event of the viewer up to <see cref="UserState.Offset"/> is missing. So nothing moves that offset forward
/// past a gap. What the log still has, a pull brings; it closes the gap only when it was asked for after the gap was known:
/// one that was under way already may have been answered before. What the log has let go of is in the snapshot, as it is
/// after the log let go: whoever is behind the tail's beginning reads it then (<see cref="ReachBackTo"/>), be it the first
/// time or again, as a grain that lives on beside its replacement has to. A snapshot that does not reach the viewer's last
/// erasure is of before, and may have been stored after it, by a node that had been cut off: it is cleared.
/// </remarks>
[Immovable, ForgetsErased, GrainType(TypeName)]
internal sealed class UserGrain(
    [FromKeyedServices(StorageNames.Snapshots)] IGrainStorage snapshots,
    TitleTable titles,
    SlateRanker ranker,
    LocalViewers local,
    IClusterMembershipService membership,
    IOptions<MarqueeOptions> options,
    TimeProvider time,
    ILogger<UserGrain> logger) : Grain, IUserGrain
{
    /// <summary>The grain's type.</summary>
    public static readonly GrainType Type = GrainType.Create(TypeName);

    private const string TypeName = UserSnapshot.GrainTypeName;
    private const string StateName = UserSnapshot.StateName;

    /// <summary>The first may have been under way already; the second was asked for after the gap was known.</summary>
    private const int MostPulls = 2;

    /// <summary>So many commits wait at most for a turn of this grain; a grain's turn takes milliseconds at the most.</summary>
    private const int MostTurnsWaiting = 256;

    /// <summary>
    /// So long an answer of the partition counts, when there are other silos. Longer, and a silo that is cut off, whose viewers
    /// have been taken over without its knowing, might answer as if nothing had been.
    /// </summary>
    private static readonly TimeSpan LongestUnasked = TimeSpan.FromSeconds(3);

    private GrainState<UserSnapshot>? _stored;
    private string _tenant = string.Empty;
    private string _userId = string.Empty;
    private IEventPartitionGrain _partition = null!;
    private int _partitionNumber;
    private UserState _state = null!;
    private Task _pulling = Task.CompletedTask;
    private Task _loading = Task.CompletedTask;
    private Task _storing = Task.CompletedTask;
    private MembershipVersion? _inStepSince;
    private long _askedAt;
    private long _heardOf = -1;
    private long _storedOffset = -1;
    private int _turnsWaiting;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _userId) = GrainKeys.Parse(this.GetPrimaryKeyString());
        _partitionNumber = PartitionHash.Of(_tenant, _userId, options.Value.PartitionCount);
        _partition = GrainFactory.GetGrain<IEventPartitionGrain>(_partitionNumber);
        _state = new UserState(titles);
        local.Add(_partitionNumber, GrainContext);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        local.Remove(_partitionNumber, GrainContext);
        return Task.CompletedTask;
    }

    public async Task Apply(ImmutableArray<LoggedEvent> events, long previousOffset, LogPosition position, long firstOffset)
    {
        // Something before these events is missing here: a pull brings it. Who reads meanwhile waits for it too.
        _heardOf = Math.Max(_heardOf, position.Offset);
        if (_stored is null || _state.Offset < firstOffset - 1)
        {
            // The partition knows too what of the snapshot is not to come back.
            await PullUntil(() => _stored is not null && _state.Offset >= firstOffset - 1);
        }

        await CoverAtLeast(previousOffset);

        // No await from here to the covered position: the offsets must not move in between.
        foreach (var logged in events)
        {
            _state.Apply(logged);
        }

        _state.CoverUpTo(position);
        if (events.Any(logged => logged.Event is null))
        {
            // An erasure does not wait for the next checkpoint to empty the snapshot.
            await Snapshot(position.Offset);
        }
    }

    /// <summary>Does what <see cref="Apply"/> does, where nothing has to be waited for. One turn of the grain.</summary>
    /// <returns>False when something before the events is missing here, or the viewer is erased: a call does those.</returns>
    internal bool TryApply(ViewerBatch batch, LogPosition position, long firstOffset)
    {
        _heardOf = Math.Max(_heardOf, position.Offset);
        if (batch.HasErasure || _stored is null || _state.Offset < Math.Max(firstOffset - 1, batch.PreviousOffset))
        {
            return false;
        }

        batch.ApplyTo(_state);
        _state.CoverUpTo(position);
        return true;
    }

    /// <summary>Counts a turn that is about to be queued. Thread-safe.</summary>
    /// <returns>False when so many wait that this one must not.</returns>
    internal bool TryEnter()
    {
        if (Interlocked.Increment(ref _turnsWaiting) <= MostTurnsWaiting)
        {
            return true;
        }

        Leave();
        return false;
    }

    /// <summary>The turn is over. Thread-safe.</summary>
    internal void Leave() => Interlocked.Decrement(ref _turnsWaiting);

    public async Task<Slate> Recommend(SlateRequest request)
    {
        var isCurrent = await CatchUp(request.After);
        var slate = await ranker.Rank(request, _state.Taste, Position);
        return isCurrent ? slate : slate with { Degraded = true };
    }

    public async Task<Home> GetHome(HomeRequest request)
    {
        var isCurrent = await CatchUp(request.After);
        var home = await ranker.Compose(request, _state.Taste, Position);
        return isCurrent ? home : home with { Degraded = true };
    }

    public async Task<HistoryPage> GetHistory(int limit, string? cursor, LogPosition? after)
    {
        var isCurrent = await CatchUp(after);
        return HistoryPaging.Page(_state.History.ToList(_userId), limit, cursor, Position ?? new LogPosition(_partitionNumber, _state.Epoch, -1)) with { Degraded = !isCurrent };
    }

    public async Task Snapshot(long offset)
    {
        await ReachBackTo(0);
        await CoverAtLeast(offset);
        while (!_storing.IsCompleted)
        {
            await _storing;
        }

        if (_storedOffset < offset || IsErased)
        {
            await (_storing = Store());
            LetGo(ref _storing);
        }
    }

    /// <summary>Nothing is known of the viewer, nor stored as far as is known here.</summary>
    private bool IsErased => _state.History.Count == 0 && !_stored!.RecordExists;

    /// <summary>The position that an answer from here covers; null when nothing of the viewer is known.</summary>
    private LogPosition? Position => _state.Offset < 0 ? null : new LogPosition(_partitionNumber, _state.Epoch, _state.Offset);

    /// <summary>Whether the partition was asked a short while ago, and since the cluster last changed: what a silo that died did not live to hand over is known then.</summary>
    private bool IsInStep => _inStepSince == membership.CurrentSnapshot.Version
        && (!options.Value.IsClustered || time.GetElapsedTime(_askedAt) < LongestUnasked);

    /// <summary>Brings the state up to the log, and to a position if one is wanted.</summary>
    /// <returns>False when the partition could not be asked in time, or does not reach the position: the answer may be older than asked for.</returns>
    private async Task<bool> CatchUp(LogPosition? after)
    {
        var wanted = after is { } position && position.Partition == _partitionNumber ? Math.Max(position.Offset, _heardOf) : _heardOf;
        if (IsInStep && _state.Offset >= wanted)
        {
            return true;
        }

        try
        {
            await PullUntil(() => IsInStep && _state.Offset >= wanted).WaitAsync(options.Value.CatchUpBudget, time);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogInformation(exception, "A viewer of partition {Partition} could not be brought up to the log; its answer says so", _partitionNumber);
            await ReachBackTo(0);
            return false;
        }
    }

    /// <exception cref="TimeoutException">The partition that answers does not reach the offset.</exception>
    private Task CoverAtLeast(long offset) => _state.Offset >= offset ? Task.CompletedTask : PullUntil(() => _state.Offset >= offset);

    private async Task PullUntil(Func<bool> isEnough)
    {
        for (var pulls = 0; !isEnough(); pulls++)
        {
            if (pulls == MostPulls)
            {
                throw new TimeoutException(_inStepSince is null
                    ? $"Partition {_partitionNumber} knows of changes of the cluster that this silo does not: it may have been evicted."
                    : $"Partition {_partitionNumber} answers up to {_state.Offset} only: another one may be about to take over from it.");
            }

            if (pulls > 0)
            {
                logger.LogDebug("A pull that was under way in partition {Partition} came too early; pulling again", _partitionNumber);
            }

            await Pull();
        }
    }

    private async Task Pull()
    {
        await (_pulling.IsCompleted ? _pulling = PullOnce() : _pulling);
        LetGo(ref _pulling);
    }

    private async Task PullOnce()
    {
        var (version, askedAt) = (membership.CurrentSnapshot.Version, time.GetTimestamp());
        var tail = await _partition.ReadUserTail(_tenant, _userId, _state.Offset);
        await ReachBackTo(tail.FirstOffset, tail.ErasedBefore);
        foreach (var logged in tail.Events)
        {
            _state.Apply(logged);
        }

        _state.CoverUpTo(tail.Position);

        // A silo that has been evicted and does not know it may still reach the partition, but the partition does not tell its viewers.
        (_inStepSince, _askedAt) = (tail.MembersVersion > version.Value ? null : version, askedAt);
        if (_inStepSince is null)
        {
            await ReadMembers();
        }
    }

    /// <summary>One finished task for all viewers, instead of one for each as long as it is up: a hundred bytes.</summary>
    private static void LetGo(ref Task task)
    {
        if (task.IsCompletedSuccessfully)
        {
            task = Task.CompletedTask;
        }
    }

    /// <summary>So that the next pull is asked for with what the partition's silo knew, or the silo finds that it is evicted and ends.</summary>
    private async Task ReadMembers()
    {
        try
        {
            using var timeout = new CancellationTokenSource(options.Value.CatchUpBudget, time);
            await membership.Refresh(cancellationToken: timeout.Token).AsTask().WaitAsync(timeout.Token);
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "The cluster's members cannot be read");
        }
    }

    /// <summary>
    /// Covers what the log has let go of, the events before an offset: by what is here, or by the snapshot, if it is read after
    /// the partition named that offset. One that was being read already may be from before.
    /// </summary>
    private async Task ReachBackTo(long firstOffset, long erasedBefore = 0)
    {
        while (_stored is null || _state.Offset < firstOffset - 1)
        {
            await (_loading.IsCompleted ? _loading = Load(firstOffset, erasedBefore) : _loading);
            LetGo(ref _loading);
        }
    }

    private async Task Load(long firstOffset, long erasedBefore)
    {
        while (!_storing.IsCompleted)
        {
            await _storing;
        }

        var stored = new GrainState<UserSnapshot>(new UserSnapshot());
        await snapshots.ReadStateAsync(StateName, this.GetGrainId(), stored);
        if (stored is { RecordExists: true, State: { } snapshot })
        {
            _storedOffset = snapshot.Offset;
            if (snapshot.Offset > _state.Offset)
            {
                _state.Restore(snapshot);
            }

            snapshot.History = [];
            if (_state.Offset < erasedBefore - 1)
            {
                logger.LogInformation("What is stored of a viewer of partition {Partition} is from before the viewer was erased; it is cleared", _partitionNumber);
                _state.Clear();
                await snapshots.ClearStateAsync(StateName, this.GetGrainId(), stored);
            }
        }
        else if (_state.Offset < firstOffset - 1)
        {
            // What is here was let go of, and is not stored either: the viewer was erased.
            _state.Clear();
        }

        _stored = stored;
        _state.CoverUpTo(new LogPosition(_partitionNumber, _state.Epoch, firstOffset - 1));
    }

    private async Task Store()
    {
        if (!_loading.IsCompleted)
        {
            // It may bring another claim on the stored state.
            await _loading;
        }

        var covered = _state.Offset;
        if (_state.History.Count == 0)
        {
            if (!_stored!.RecordExists)
            {
                // A node that had been cut off may have stored one meanwhile, of before.
                await snapshots.ReadStateAsync(StateName, this.GetGrainId(), _stored);
            }

            if (_stored.RecordExists)
            {
                await snapshots.ClearStateAsync(StateName, this.GetGrainId(), _stored);
            }
        }
        else
        {
            _stored!.State = new UserSnapshot { History = _state.History.ToBytes(), Offset = covered };
            await snapshots.WriteStateAsync(StateName, this.GetGrainId(), _stored);

            // The bytes were for the store only; the packed history is what this grain keeps.
            _stored.State.History = [];
        }

        _storedOffset = covered;
    }
}
