using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Marquee.Contracts.Events;
using Microsoft.Extensions.Options;

namespace Marquee.Grains.Events;

/// <summary>Appends to several partitions, and answers for each: one that does not answer keeps nothing from the others.</summary>
internal sealed class JointAppend(IGrainFactory grains, IOptions<MarqueeOptions> options, TimeProvider time)
{
    /// <summary>
    /// Shorter than whoever asked waits for all of them. That is short, too: the silo that should run a partition may be the one
    /// that stands still while the partition is still elsewhere.
    /// </summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2.5);

    private readonly IEventPartitionGrain[] _partitions =
        [.. Enumerable.Range(0, options.Value.PartitionCount).Select(partition => grains.GetGrain<IEventPartitionGrain>(partition))];

    /// <summary>Appends; answers in the order of the appends.</summary>
    public async Task<ImmutableArray<AppendResult>> Append(string tenant, ImmutableArray<PartitionAppend> appends)
    {
        var answers = new Task<AppendResult>[appends.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            answers[i] = Append(tenant, appends[i]);
        }

        // One clock for all: a timer for each partition of each batch is a good part of what the call costs.
        await ((Task)Task.WhenAll(answers)).WaitAsync(LongestWait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return ImmutableCollectionsMarshal.AsImmutableArray(Array.ConvertAll(answers, ResultOf));
    }

    /// <summary>Never throws at once: a call that cannot even be sent fails like one that is not answered.</summary>
    private async Task<AppendResult> Append(string tenant, PartitionAppend append) => await _partitions[append.Partition].Append(tenant, append.Events);

    private static AppendResult ResultOf(Task<AppendResult> answer) => answer.IsCompletedSuccessfully
        ? answer.Result
        : new AppendResult(OutcomeOf(answer), 0, 0, default, answer.Exception?.InnerException?.Message ?? "The partition did not answer in time.");

    /// <summary>A call that was refused because too many wait was not begun; of any other that failed nobody knows.</summary>
    private static AppendOutcome OutcomeOf(Task<AppendResult> failed) =>
        failed.Exception?.InnerException is LimitExceededException ? AppendOutcome.Busy : AppendOutcome.Unknown;
}
