using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Events;

/// <summary>Sends a batch's good events to their partitions, one call per partition, all at once.</summary>
/// <remarks>
/// Of a call that fails nobody knows whether it was carried out: the node may have gone, or only its answer. It is sent again
/// with the same event ids, which the partition drops if it has them, until the retry budget is spent. A call that goes on after
/// that is not waited for.
/// </remarks>
internal sealed partial class EventDispatch(IGrainFactory grains, IOptions<GatewayOptions> options, TimeProvider time, ILogger<EventDispatch> logger)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The last attempt is given so much, however little is left.</summary>
    private static readonly TimeSpan ShortestAttempt = TimeSpan.FromSeconds(1);

    private readonly string _tenant = options.Value.Tenant;
    private readonly TimeSpan _retryBudget = options.Value.WriteRetryBudget;

    // A grain reference costs half a kilobyte to make, so each is made once.
    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

    /// <summary>Appends; the order of one user's events is kept. Never throws: what cannot be told is unknown.</summary>
    public async Task<EventBatchOutcome> AppendAsync(Batch<EngagementMessage> batch)
    {
        var shares = Divide(batch);
        var appends = new Task<AppendResult>[shares.Count];
        for (var i = 0; i < appends.Length; i++)
        {
            appends[i] = AppendAsync(shares[i]);
        }

        var outcome = new EventBatchOutcome();
        for (var i = 0; i < appends.Length; i++)
        {
            outcome.Add(await appends[i], shares[i].Indices);
        }

        return outcome;
    }

    /// <summary>Erases a user in its partition. Never throws.</summary>
    public Task<AppendResult> EraseAsync(string userId)
    {
        var partition = PartitionHash.Of(_tenant, userId, _partitions.Length);
        return GuardAsync(partition, grain => grain.EraseUser(_tenant, userId));
    }

    private Task<AppendResult> AppendAsync(Share share) =>
        GuardAsync(share.Partition, grain => grain.Append(_tenant, share.Events));

    private async Task<AppendResult> GuardAsync(int partition, Func<IEventPartitionGrain, Task<AppendResult>> call)
    {
        var started = time.GetTimestamp();
        var result = await TryAsync(partition, call, started);
        for (var pause = ShortestPause; result.Outcome == AppendOutcome.Unknown && time.GetElapsedTime(started) + pause <= _retryBudget; pause = Longer(pause))
        {
            await Task.Delay(pause, time);
            var again = await TryAsync(partition, call, started);

            // A refusal tells of this attempt only: an earlier one may have been carried out.
            result = again.Outcome == AppendOutcome.Accepted ? again : again with { Outcome = AppendOutcome.Unknown };
        }

        return result;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<AppendResult> TryAsync(int partition, Func<IEventPartitionGrain, Task<AppendResult>> call, long started)
    {
        try
        {
            var answer = call(_partitions[partition]);
            return await (answer.IsCompleted || _retryBudget == TimeSpan.Zero ? answer : answer.WaitAsync(Left(started), time));
        }
        catch (Exception exception)
        {
            // Whatever stopped the answer, the events may have been written before it: time-outs, a silo that went away, a
            // partition that lost its epoch. Retrying with the same ids settles it.
            LogUnknown(exception, partition);
            return new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The partition did not answer.");
        }
    }

    private TimeSpan Left(long started)
    {
        var left = _retryBudget - time.GetElapsedTime(started);
        return left > ShortestAttempt ? left : ShortestAttempt;
    }

    private List<Share> Divide(Batch<EngagementMessage> batch)
    {
        var events = batch.Items;
        if (events.Count == 1)
        {
            return [new Share(PartitionOf(events[0]), [events[0]], [batch.Indices[0]])];
        }

        Span<int> partitions = stackalloc int[GatewayLimits.BatchItems];
        Span<int> counts = _partitions.Length <= 1_024 ? stackalloc int[_partitions.Length] : new int[_partitions.Length];
        for (var i = 0; i < events.Count; i++)
        {
            counts[partitions[i] = PartitionOf(events[i])]++;
        }

        var shares = new List<Share>();
        for (var partition = 0; partition < counts.Length; partition++)
        {
            if (counts[partition] > 0)
            {
                shares.Add(Take(batch, partitions, partition, counts[partition]));
            }
        }

        return shares;
    }

    private static Share Take(Batch<EngagementMessage> batch, ReadOnlySpan<int> partitions, int partition, int count)
    {
        var events = new EngagementMessage[count];
        var indices = new int[count];
        for (int i = 0, taken = 0; taken < count; i++)
        {
            if (partitions[i] == partition)
            {
                events[taken] = batch.Items[i];
                indices[taken++] = batch.Indices[i];
            }
        }

        return new Share(partition, ImmutableCollectionsMarshal.AsImmutableArray(events), indices);
    }

    private int PartitionOf(EngagementMessage message) => PartitionHash.Of(_tenant, message.UserId, _partitions.Length);

    [LoggerMessage(LogLevel.Warning, "Partition {Partition} did not answer; its part of the batch is of unknown outcome.")]
    private partial void LogUnknown(Exception exception, int partition);

    private sealed record Share(int Partition, ImmutableArray<EngagementMessage> Events, int[] Indices);
}
