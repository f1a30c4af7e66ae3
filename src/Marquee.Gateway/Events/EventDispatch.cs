using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Grains;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Marquee.Gateway.Events;

/// <summary>Sends a batch's good events to their partitions, all at once: one call per partition that this silo runs, and one per other silo.</summary>
/// <remarks>
/// What is of unknown outcome is sent again with the same event ids (<see cref="WriteRetries"/>), which the partition drops if it
/// has them.
/// </remarks>
internal sealed partial class EventDispatch(
    IGrainFactory grains,
    IPartitionSilos silos,
    WriteRetries retries,
    IOptions<GatewayOptions> options,
    TimeProvider time,
    ILogger<EventDispatch> logger)
{
    private readonly string _tenant = options.Value.Tenant;

    // A grain reference costs half a kilobyte to make, so each is made once.
    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

    /// <summary>Appends; the order of one user's events is kept. Never throws: what cannot be told is unknown.</summary>
    public async Task<EventBatchOutcome> AppendAsync(Batch<EngagementMessage> batch)
    {
        var shares = Divide(batch);
        var appends = Send(shares, time.GetTimestamp());
        await retries.WithinAsync(Task.WhenAll(appends));
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
        await retries.WithinAsync(erasure);
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
        return result.Outcome == AppendOutcome.Unknown ? await RepeatAsync(result, partition, call, started) : result;
    }

    private Task<AppendResult> RepeatAsync(AppendResult unknown, int partition, Func<IEventPartitionGrain, Task<AppendResult>> call, long started) => retries.RepeatAsync(
        unknown,
        () => TryAsync(partition, call),
        static again => again.Outcome == AppendOutcome.Accepted ? again : again with { Outcome = AppendOutcome.Unknown },
        static result => result.Outcome == AppendOutcome.Unknown,
        started);

    private async Task<AppendResult> TryAsync(int partition, Func<IEventPartitionGrain, Task<AppendResult>> call)
    {
        try
        {
            return await call(_partitions[partition]);
        }
        catch (LimitExceededException exception)
        {
            LogBusy(exception, partition);
            return new AppendResult(AppendOutcome.Busy, 0, 0, default, "Too many calls wait for this partition.");
        }
        catch (Exception exception)
        {
            // Whatever stopped the answer, the events may have been written before it: time-outs, a silo that went away, a
            // partition that lost its epoch. Retrying with the same ids settles it.
            LogUnknown(exception, partition);
            return new AppendResult(AppendOutcome.Unknown, 0, 0, default, "The partition did not answer.");
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

    [LoggerMessage(LogLevel.Warning, "Partition {Partition} has too many calls waiting; its part of the batch was refused.")]
    private partial void LogBusy(Exception exception, int partition);

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} did not answer for {Partitions} partitions; asking them one by one.")]
    private partial void LogUnknown(Exception exception, SiloAddress silo, int partitions);

    private sealed record Share(int Partition, ImmutableArray<EngagementMessage> Events, int[] Indices);
}
