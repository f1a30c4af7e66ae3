using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Events;

/// <summary>Sends a batch's good events to their partitions, all at once: one call per partition that this silo runs, and one per other silo.</summary>
/// <remarks>
/// Of a call that fails nobody knows whether it was carried out: the node may have gone, or only its answer. It is sent again
/// with the same event ids, which the partition drops if it has them, until the retry budget is spent. A call that goes on after
/// that is not waited for.
/// </remarks>
internal sealed partial class EventDispatch(
    IGrainFactory grains,
    IPartitionSilos silos,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<EventDispatch> logger)
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
        var started = time.GetTimestamp();
        var outcome = new EventBatchOutcome();
        if (shares is [var only])
        {
            outcome.Add(await AppendAsync(only, together: null, place: 0, started), only.Indices);
            return outcome;
        }

        List<(Task<AppendResult> Result, Share Share)> appends = new(shares.Count);
        foreach (var group in shares.GroupBy(share => silos.FindOther(share.Partition)))
        {
            Share[] members = [.. group];
            var together = group.Key is { } silo && members.Length > 1 ? AppendTogether(silo, members, started) : null;
            appends.AddRange(members.Select((share, place) => (AppendAsync(share, together, place, started), share)));
        }

        foreach (var (result, share) in appends)
        {
            outcome.Add(await result, share.Indices);
        }

        return outcome;
    }

    /// <summary>Erases a user in its partition. Never throws.</summary>
    public Task<AppendResult> EraseAsync(string userId)
    {
        var partition = PartitionHash.Of(_tenant, userId, _partitions.Length);
        return GuardAsync(partition, grain => grain.EraseUser(_tenant, userId), time.GetTimestamp());
    }

    /// <summary>Appends one share: first together with others, if it was sent so, then alone.</summary>
    private async Task<AppendResult> AppendAsync(Share share, Task<ImmutableArray<AppendResult>>? together, int place, long started)
    {
        var first = together is null ? null : (await together)[place];
        return await GuardAsync(share.Partition, grain => grain.Append(_tenant, share.Events), started, first);
    }

    private async Task<ImmutableArray<AppendResult>> AppendTogether(SiloAddress silo, Share[] shares, long started)
    {
        try
        {
            return await Within(silos.Append(silo, _tenant, [.. shares.Select(share => new PartitionAppend(share.Partition, share.Events))]), started);
        }
        catch (Exception exception)
        {
            LogUnknown(exception, silo, shares.Length);
            return [.. Enumerable.Repeat(new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The silo did not answer."), shares.Length)];
        }
    }

    private async Task<AppendResult> GuardAsync(int partition, Func<IEventPartitionGrain, Task<AppendResult>> call, long started, AppendResult? first = null)
    {
        var result = first ?? await TryAsync(partition, call, started);
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
            return await Within(call(_partitions[partition]), started);
        }
        catch (Exception exception)
        {
            // Whatever stopped the answer, the events may have been written before it: time-outs, a silo that went away, a
            // partition that lost its epoch. Retrying with the same ids settles it.
            LogUnknown(exception, partition);
            return new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The partition did not answer.");
        }
    }

    /// <summary>An answer, waited for as long as the budget goes.</summary>
    private Task<T> Within<T>(Task<T> answer, long started)
    {
        if (answer.IsCompleted || _retryBudget == TimeSpan.Zero)
        {
            return answer;
        }

        var left = _retryBudget - time.GetElapsedTime(started);
        return answer.WaitAsync(left > ShortestAttempt ? left : ShortestAttempt, time);
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

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} did not answer for {Partitions} partitions; asking them one by one.")]
    private partial void LogUnknown(Exception exception, SiloAddress silo, int partitions);

    private sealed record Share(int Partition, ImmutableArray<EngagementMessage> Events, int[] Indices);
}
