using System.Globalization;
using System.Text.Json;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Folds;
using Marquee.Cli.Chaos.Histories;
using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Cli.Chaos;

/// <summary>
/// Follows the log of a chaos run's cluster in the store itself, so that what the silos let go of behind their checkpoints is
/// known to the end, and judges by it what they have stored.
/// </summary>
internal sealed class LogFollower : IAsyncDisposable
{
    /// <summary>What a record says of a batch that does not follow the one before, since what is between was let go of before it was read.</summary>
    public const string LetGo = "what is before was let go of";

    private const int ReadsAtOnce = 4;

    /// <summary>More are not worth reading.</summary>
    private const int ComplaintsMax = 50;

    /// <summary>Much shorter than the second that a partition takes to let go of what was before an erasure.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);

    private readonly IStoreAccess _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly FollowedPartition[] _partitions;
    private readonly Task _following;

    /// <param name="store">The store; disposed of with this.</param>
    public LogFollower(IStoreAccess store)
    {
        _store = store;
        _partitions = [.. Enumerable.Range(0, store.Partitions).Select(partition => new FollowedPartition(partition))];
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Reads the rest and records it, and whether what is stored is its fold. When the silos have stored what they hold and nobody writes any more.</summary>
    public async Task RecordAsync(HistoryFile history, CancellationToken cancelled)
    {
        await _stop.CancelAsync();
        await _following;
        FoldComparison? compared = null;
        IReadOnlyList<string> complaints;
        var deadline = history.Now + LongestRead.TotalMilliseconds;
        while (true)
        {
            try
            {
                await ReadAsync(cancelled);
                (compared, complaints) = FoldCheck.Of(_partitions, await StoredStates.ReadAsync(_store));
                break;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                complaints = [$"The store could not be read to the end: {exception.Message}"];
                if (history.Now > deadline)
                {
                    break;
                }

                await Task.Delay(Interval, cancelled);
            }
        }

        foreach (var partition in _partitions)
        {
            foreach (var batch in partition.Batches)
            {
                history.Add(new HistoryRecord
                {
                    At = 0,
                    Kind = RecordKind.Final,
                    Action = CallAction.Log,
                    Position = string.Create(CultureInfo.InvariantCulture, $"{partition.Number}.{batch.Epoch}.{batch.FirstOffset}"),
                    Detail = partition.IsBehindGap(batch) ? LetGo : null,
                    Events = [.. LogEntryCodec.Decode(batch.Payload.Span).Entries.Select(EventOf)],
                });
            }
        }

        foreach (var complaint in complaints.Take(ComplaintsMax))
        {
            history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Final, Action = CallAction.Fold, Detail = complaint });
        }

        history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Final, Action = CallAction.Fold, Compared = compared });
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _following;
        await _store.DisposeAsync();
        _stop.Dispose();
    }

    private async Task FollowAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(_stop.Token);
            }
            catch (Exception)
            {
                // The store is what faults are inflicted on. The last reading tells what it was; a gap tells of itself.
            }

            await Task.Delay(Interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task ReadAsync(CancellationToken cancelled) => Parallel.ForEachAsync(
        _partitions,
        new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancelled },
        async (partition, stop) => await ReadAsync(partition, stop));

    private async Task ReadAsync(FollowedPartition partition, CancellationToken cancelled)
    {
        var isFirst = true;
        await foreach (var batch in _store.Log.ReadAsync(LogPartition.Events(partition.Number), partition.Next, cancelled))
        {
            // In the middle of a reading the store itself finds a gap.
            if (isFirst && batch.FirstOffset > partition.Next)
            {
                partition.AddBehindGap(batch, await _store.ReadSnapshotsAsync(partition.Number));
            }
            else
            {
                partition.Add(batch);
            }

            isFirst = false;
        }
    }

    private static RecordedEvent EventOf(LogEntry entry) => entry.Event is { } engagement
        ? new RecordedEvent(engagement.EventId, entry.UserId, engagement.TitleId, JsonNamingPolicy.CamelCase.ConvertName(engagement.Type.ToString()))
        : new RecordedEvent("", entry.UserId, "", "erasure");
}
