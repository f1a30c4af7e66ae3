using System.Collections.Immutable;
using Marquee.Contracts.Events;
using Marquee.Contracts.Recommendations;
using Marquee.Contracts.Users;
using Marquee.Engine.Titles;
using Marquee.Grains.Recommendations;
using Marquee.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;

namespace Marquee.Grains.Users;

/// <summary>One viewer. Applies what its partition hands over, pulls what is missing, and answers from an immutable view of its taste.</summary>
[GrainType("user")]
internal sealed class UserGrain(
    [FromKeyedServices(StorageNames.Snapshots)] IGrainStorage snapshots,
    TitleTable titles,
    SlateRanker ranker,
    IOptions<MarqueeOptions> options) : Grain, IUserGrain
{
    private const string StateName = "user";

    private readonly GrainState<UserSnapshot> _stored = new(new UserSnapshot());
    private string _tenant = string.Empty;
    private string _userId = string.Empty;
    private IEventPartitionGrain _partition = null!;
    private int _partitionNumber;
    private UserState _state = null!;
    private Task? _pulling;
    private Task _storing = Task.CompletedTask;
    private bool _isInStep;
    private long _storedOffset = -1;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (_tenant, _userId) = GrainKeys.Parse(this.GetPrimaryKeyString());
        _partitionNumber = PartitionHash.Of(_tenant, _userId, options.Value.PartitionCount);
        _partition = GrainFactory.GetGrain<IEventPartitionGrain>(_partitionNumber);
        _state = new UserState(_userId, titles);
        await snapshots.ReadStateAsync(StateName, this.GetGrainId(), _stored);
        if (_stored is { RecordExists: true, State: { } snapshot })
        {
            _state.Restore(snapshot);
            _storedOffset = snapshot.Offset;
            snapshot.History = [];
        }
    }

    public async Task Apply(ImmutableArray<LoggedEvent> events, long previousOffset, LogPosition position)
    {
        // Something before these events is missing here: pull, which brings these events too.
        if (previousOffset > _state.Offset)
        {
            await Pull();
        }

        foreach (var logged in events)
        {
            _state.Apply(logged);
        }

        _state.CoverUpTo(position);
        _isInStep = true;
        if (events.Any(logged => logged.Event is null))
        {
            // An erasure does not wait for the next checkpoint to empty the snapshot.
            await Snapshot(position.Offset);
        }
    }

    public async Task<Slate> Recommend(SlateRequest request)
    {
        await CatchUp(request.After);
        return await ranker.Rank(request, _state.Taste, Position);
    }

    public async Task<Home> GetHome(HomeRequest request)
    {
        await CatchUp(request.After);
        return await ranker.Compose(request, _state.Taste, Position);
    }

    public async Task<HistoryPage> GetHistory(int limit, string? cursor, LogPosition? after)
    {
        await CatchUp(after);
        return HistoryPaging.Page(_state.History.ToList(_userId), limit, cursor, Position ?? default);
    }

    public async Task Snapshot(long offset)
    {
        await CatchUp(new LogPosition(_partitionNumber, 0, offset));
        while (!_storing.IsCompleted)
        {
            await _storing;
        }

        if (_storedOffset < offset)
        {
            await (_storing = Store());
        }
    }

    /// <summary>The position that an answer from here covers; null when nothing of the viewer is known.</summary>
    private LogPosition? Position => _state.Offset < 0 ? null : new LogPosition(_partitionNumber, _state.Epoch, _state.Offset);

    private Task CatchUp(LogPosition? after)
    {
        var isBehind = after is { } position && position.Partition == _partitionNumber && position.Offset > _state.Offset;
        return _isInStep && !isBehind ? Task.CompletedTask : Pull();
    }

    private Task Pull() => _pulling ??= PullOnce();

    private async Task PullOnce()
    {
        try
        {
            var tail = await _partition.ReadUserTail(_tenant, _userId, _state.Offset);
            foreach (var logged in tail.Events)
            {
                _state.Apply(logged);
            }

            _state.CoverUpTo(tail.Position);
            _isInStep = true;
        }
        finally
        {
            _pulling = null;
        }
    }

    private async Task Store()
    {
        var covered = _state.Offset;
        if (_state.History.Count == 0)
        {
            if (_stored.RecordExists)
            {
                await snapshots.ClearStateAsync(StateName, this.GetGrainId(), _stored);
            }
        }
        else
        {
            _stored.State = new UserSnapshot { History = _state.History.ToBytes(), Offset = covered };
            await snapshots.WriteStateAsync(StateName, this.GetGrainId(), _stored);

            // The bytes were for the store only; the packed history is what this grain keeps.
            _stored.State.History = [];
        }

        _storedOffset = covered;
    }
}
