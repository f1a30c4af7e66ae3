using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Users;
using Marquee.Grains.Users;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>
/// Hands committed events to their viewers' grains: to those on this silo by a turn of theirs (<see cref="LocalTurns"/>), to
/// others by a call. What cannot be handed over in time is hinted again until it is.
/// </summary>
internal sealed class UserDelivery(GrainReferences<IUserGrain> users, LocalViewers viewers, OpenPartition partition, TimeSpan budget, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, LogPosition> _undelivered = new(StringComparer.Ordinal);

    /// <summary>Users whose grain may not know of its newest events.</summary>
    public int UndeliveredUsers => _undelivered.Count;

    /// <summary>Hands entries over; completes when all viewers have them, or when the budget is spent.</summary>
    /// <param name="batches">By viewer; not looked at any more when this returns.</param>
    /// <param name="position">What the viewers have seen with them.</param>
    public async Task Deliver(IReadOnlyCollection<ViewerBatch> batches, LogPosition position)
    {
        var (started, firstOffset) = (time.GetTimestamp(), partition.State.Tail.FirstOffset);
        LocalTurns local = new();
        List<ViewerTurn> turns = [];
        List<Task> calls = [];
        foreach (var batch in batches)
        {
            if (FindLocal(batch.UserKey) is { Grain: var grain, Viewer: var viewer } && viewer.TryEnter())
            {
                var turn = new ViewerTurn(batch, viewer, position, firstOffset);
                turns.Add(turn);
                local.Queue(grain, turn);
            }
            else
            {
                calls.Add(Call(batch, position));
            }
        }

        await Ends(local.Settle(), budget);
        foreach (var turn in turns)
        {
            if (turn.IsDone)
            {
                NoteDelivered(turn.Batch.UserKey, position);
            }
            else
            {
                // If it has its turn after all, the call finds nothing to do.
                calls.Add(Call(turn.Batch, position));
            }
        }

        if (calls.Count > 0 && budget - time.GetElapsedTime(started) is { Ticks: > 0 } rest)
        {
            // Those that take longer go on, and say themselves what became of them.
            await Ends(Task.WhenAll(calls), rest);
        }
    }

    /// <summary>
    /// Takes viewers for some that may have missed something: what the owner before committed, and did not live to hand over.
    /// </summary>
    /// <param name="active">Viewers whose grain is awake. One that is not asks when it wakes up, and none is woken for this: a partition knows thousands.</param>
    public void Suspect(IEnumerable<string> active)
    {
        foreach (var user in active.Where(user => partition.State.Tail.Newest(user) >= 0).Order(StringComparer.Ordinal))
        {
            _undelivered[user] = partition.Position;
        }
    }

    /// <summary>Tells the users that are behind to pull.</summary>
    public async Task HintUndelivered()
    {
        foreach (var chunk in _undelivered.ToArray().Chunk(256))
        {
            await Task.WhenAll(chunk.Select(pair => Call(new ViewerBatch(pair.Key, partition.State.Tail.Newest(pair.Key)), pair.Value)));
        }
    }

    private (IGrainContext Grain, UserGrain Viewer)? FindLocal(string userKey) =>
        viewers.Find(partition.Number, GrainId.Create(UserGrain.Type, userKey)) is { GrainInstance: UserGrain viewer } grain ? (grain, viewer) : null;

    /// <summary>Waits, but not longer than this.</summary>
    private async Task Ends(Task work, TimeSpan most)
    {
        try
        {
            await work.WaitAsync(most, time);
        }
        catch (TimeoutException)
        {
            // What is not handed over is seen by what was not done.
        }
    }

    private async Task Call(ViewerBatch batch, LogPosition position)
    {
        try
        {
            await users.Of(batch.UserKey).Apply(batch.ToMessages(), batch.PreviousOffset, position, partition.State.Tail.FirstOffset);
            NoteDelivered(batch.UserKey, position);
        }
        catch (Exception exception)
        {
            // The events are durable: the viewer's grain pulls them when it is hinted or asked.
            logger.LogWarning(exception, "Events of one user in partition {Partition} could not be handed over; trying again", partition.Number);
            if (!_undelivered.TryGetValue(batch.UserKey, out var owed) || owed.Offset < position.Offset)
            {
                _undelivered[batch.UserKey] = position;
            }
        }
    }

    private void NoteDelivered(string userKey, LogPosition position)
    {
        if (_undelivered.TryGetValue(userKey, out var owed) && owed.Offset <= position.Offset)
        {
            _undelivered.Remove(userKey);
        }
    }
}
