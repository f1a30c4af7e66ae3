using System.Collections.Immutable;
using Marquee.Contracts;
using Marquee.Contracts.Events;
using Marquee.Contracts.Users;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Events;

/// <summary>Hands committed events to their viewers' grains. What cannot be handed over in time is hinted again until it is.</summary>
internal sealed class UserDelivery(GrainReferences<IUserGrain> users, OpenPartition partition, TimeSpan budget, TimeProvider time, ILogger logger)
{
    private readonly Dictionary<string, LogPosition> _undelivered = new(StringComparer.Ordinal);

    /// <summary>Users whose grain may not know of its newest events.</summary>
    public int UndeliveredUsers => _undelivered.Count;

    /// <summary>Hands events over; completes when all users have them, or when the budget is spent.</summary>
    /// <param name="batches">By user, see <see cref="UserBatches.All"/>; not looked at any more when this returns.</param>
    /// <param name="position">What the users have seen with them.</param>
    public async Task Deliver(IEnumerable<(string UserKey, ImmutableArray<LoggedEvent> Events, long PreviousOffset)> batches, LogPosition position)
    {
        var calls = new List<Task>();
        foreach (var (userKey, events, previousOffset) in batches)
        {
            calls.Add(Hand(userKey, events, previousOffset, position));
        }

        try
        {
            await Task.WhenAll(calls).WaitAsync(budget, time);
        }
        catch (TimeoutException)
        {
            // They go on, and say themselves what became of them.
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
            await Task.WhenAll(chunk.Select(pair => Hand(pair.Key, [], partition.State.Tail.Newest(pair.Key), pair.Value)));
        }
    }

    private async Task Hand(string userKey, ImmutableArray<LoggedEvent> events, long previousOffset, LogPosition position)
    {
        try
        {
            await users.Of(userKey).Apply(events, previousOffset, position, partition.State.Tail.FirstOffset);
            if (_undelivered.TryGetValue(userKey, out var owed) && owed.Offset <= position.Offset)
            {
                _undelivered.Remove(userKey);
            }
        }
        catch (Exception exception)
        {
            // The events are durable: the viewer's grain pulls them when it is hinted or asked.
            logger.LogWarning(exception, "Events of one user in partition {Partition} could not be handed over; trying again", partition.Number);
            if (!_undelivered.TryGetValue(userKey, out var owed) || owed.Offset < position.Offset)
            {
                _undelivered[userKey] = position;
            }
        }
    }
}
