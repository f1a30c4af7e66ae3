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

    /// <summary>What an attempt is given that begins when the budget is all but spent.</summary>
    private static readonly TimeSpan LastAttempt = TimeSpan.FromSeconds(1);

    private readonly string _tenant = options.Value.Tenant;
    private readonly TimeSpan _retryBudget = options.Value.WriteRetryBudget;

    // A grain reference costs half a kilobyte to make, so each is made once.
    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

    /// <summary>Appends; the order of one user's events is kept. Never throws: what cannot be told is unknown.</summary>
    public async Task<EventBatchOutcome> AppendAsync(Batch<EngagementMessage> batch)
    {
        var shares = Divide(batch);
        var appends = Send(shares, time.GetTimestamp());
        await Within(Task.WhenAll(appends));
        var outcome = new EventBatchOutcome();
        for (var i = 0; i < appends.Length; i++)
        {
            outcome.Add(ResultOf(appends[i]), shares[i].Indices);
        }

        return outcome;
    }

    /// <summary>Erases a user in its partition. Never throws.</summary>
    public async Task<AppendResult> EraseAsync(string userId)
    {
        var partition = PartitionHash.Of(_tenant, userId, _partitions.Length);
        var erasure = GuardAsync(partition, grain => grain.EraseUser(_tenant, userId), time.GetTimestamp());
        await Within(erasure);
        return ResultOf(erasure);
    }

    private Task<AppendResult>[] Send(List<Share> shares, long started)
    {
        var appends = new Task<AppendResult>[shares.Count];
        Dictionary<SiloAddress, List<int>>? elsewhere = null;
        for (var i = 0; i < appends.Length; i++)
        {
            if (shares.Count > 1 && silos.FindOther(shares[i].Partition) is { } silo)
            {
                elsewhere ??= [];
                (CollectionsMarshal.GetValueRefOrAddDefault(elsewhere, silo, out _) ??= []).Add(i);
            }
            else
            {
                appends[i] = AppendAsync(shares[i], started);
            }
        }

        foreach (var (silo, members) in elsewhere ?? [])
        {
            var together = members.Count > 1 ? AppendTogether(silo, [.. members.Select(i => shares[i])]) : null;
            for (var place = 0; place < members.Count; place++)
            {
                var share = shares[members[place]];
                appends[members[place]] = together is null ? AppendAsync(share, started) : AppendAsync(share, started, together, place);
            }
        }

        return appends;
    }

    private Task<AppendResult> AppendAsync(Share share, long started, AppendResult? first = null) =>
        GuardAsync(share.Partition, grain => grain.Append(_tenant, share.Events), started, first);

    /// <summary>Appends a share that was sent together with others; alone, if nobody knows what became of it there.</summary>
    private async Task<AppendResult> AppendAsync(Share share, long started, Task<ImmutableArray<AppendResult>> together, int place) =>
        await AppendAsync(share, started, (await together)[place]);

    private async Task<ImmutableArray<AppendResult>> AppendTogether(SiloAddress silo, Share[] shares)
    {
        try
        {
            return await silos.Append(silo, _tenant, [.. shares.Select(share => new PartitionAppend(share.Partition, share.Events))]);
        }
        catch (Exception exception)
        {
            LogUnknown(exception, silo, shares.Length);
            return [.. Enumerable.Repeat(new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The silo did not answer."), shares.Length)];
        }
    }

    private async Task<AppendResult> GuardAsync(int partition, Func<IEventPartitionGrain, Task<AppendResult>> call, long started, AppendResult? first = null)
    {
        var result = first ?? await TryAsync(partition, call);
        for (var pause = ShortestPause; result.Outcome == AppendOutcome.Unknown && time.GetElapsedTime(started) + pause <= _retryBudget; pause = Longer(pause))
        {
            await Task.Delay(pause, time);
            var again = await TryAsync(partition, call);

            // A refusal tells of this attempt only: an earlier one may have been carried out.
            result = again.Outcome == AppendOutcome.Accepted ? again : again with { Outcome = AppendOutcome.Unknown };
        }

        return result;
    }

    private static TimeSpan Longer(TimeSpan pause) => pause * 2 < LongestPause ? pause * 2 : LongestPause;

    private async Task<AppendResult> TryAsync(int partition, Func<IEventPartitionGrain, Task<AppendResult>> call)
    {
        try
        {
            return await call(_partitions[partition]);
        }
        catch (Exception exception)
        {
            // Whatever stopped the answer, the events may have been written before it: time-outs, a silo that went away, a
            // partition that lost its epoch. Retrying with the same ids settles it.
            LogUnknown(exception, partition);
            return new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The partition did not answer.");
        }
    }

    /// <summary>Waits as long as the budget goes, and the last attempt is given.</summary>
    private async Task Within(Task answers)
    {
        try
        {
            await (_retryBudget == TimeSpan.Zero ? answers : answers.WaitAsync(_retryBudget + LastAttempt, time));
        }
        catch (TimeoutException)
        {
            // What is not there by now is unknown.
        }
    }

    private static AppendResult ResultOf(Task<AppendResult> append) =>
        append.IsCompletedSuccessfully ? append.Result : new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The partition did not answer in time.");

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
