using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Marquee.Cli.Chaos.Clusters;
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

    /// <summary>Much shorter than the second that a partition takes to let go of what was before an erasure.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(60);

    private readonly StoreAccess _store;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<StoredBatch>[] _batches;

    /// <summary>By partition, the offsets at which it goes on behind what could not be read.</summary>
    private readonly HashSet<long>[] _gaps;
    private readonly Task _following;

    /// <param name="store">The store; disposed of with this.</param>
    public LogFollower(StoreAccess store)
    {
        _store = store;
        _batches = [.. Enumerable.Range(0, store.Partitions).Select(_ => new List<StoredBatch>())];
        _gaps = [.. _batches.Select(_ => new HashSet<long>())];
        _following = Task.Run(FollowAsync);
    }

    /// <summary>Reads the rest and records it, and whether the stored states are its fold. Behind the last write.</summary>
    public async Task RecordAsync(HistoryFile history, CancellationToken cancelled)
    {
        await _stop.CancelAsync();
        await _following;
        string? complaint = null;
        var deadline = history.Now + LongestRead.TotalMilliseconds;
        while (true)
        {
            try
            {
                await ReadAsync(cancelled);
                complaint = await ComplaintAsync();
                break;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                complaint = $"The store could not be read to the end: {exception.Message}";
                if (history.Now > deadline)
                {
                    break;
                }

                await Task.Delay(Interval, cancelled);
            }
        }

        for (var partition = 0; partition < _batches.Length; partition++)
        {
            foreach (var batch in _batches[partition])
            {
                history.Add(new HistoryRecord
                {
                    At = 0,
                    Kind = RecordKind.Final,
                    Action = CallAction.Log,
                    Position = string.Create(CultureInfo.InvariantCulture, $"{partition}.{batch.Epoch}.{batch.FirstOffset}"),
                    Detail = _gaps[partition].Contains(batch.FirstOffset) ? LetGo : null,
                    Events = [.. LogEntryCodec.Decode(batch.Payload.Span).Entries.Select(EventOf)],
                });
            }
        }

        history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Final, Action = CallAction.Fold, Detail = complaint });
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
        Enumerable.Range(0, _batches.Length),
        new ParallelOptions { MaxDegreeOfParallelism = ReadsAtOnce, CancellationToken = cancelled },
        async (partition, stop) => await ReadAsync(partition, stop));

    private async Task ReadAsync(int partition, CancellationToken cancelled)
    {
        var isFirst = true;
        var next = _batches[partition] is [.., var last] ? last.FirstOffset + last.Count : 0;
        await foreach (var batch in _store.Log.ReadAsync(LogPartition.Events(partition), next, cancelled))
        {
            // In the middle of a reading the store itself finds a gap. The store hands out memory of its own.
            if (isFirst && batch.FirstOffset > next)
            {
                _gaps[partition].Add(batch.FirstOffset);
            }

            isFirst = false;
            _batches[partition].Add(batch with { Payload = batch.Payload.ToArray() });
        }
    }

    /// <summary>The first stored state that is not the fold of the log from its beginning, byte for byte; null when all are of which all was read.</summary>
    private async Task<string?> ComplaintAsync()
    {
        for (var partition = 0; partition < _batches.Length; partition++)
        {
            if (_gaps[partition].Count > 0)
            {
                continue;
            }

            var state = new PartitionState(new PartitionStateOptions());
            var folded = 0;
            foreach (var snapshot in await _store.ReadSnapshotsAsync(partition))
            {
                for (; folded < _batches[partition].Count && state.NextOffset < snapshot.NextOffset; folded++)
                {
                    var batch = _batches[partition][folded];
                    state.Replay(batch.FirstOffset, LogEntryCodec.Decode(batch.Payload.Span));
                }

                var bytes = new ArrayBufferWriter<byte>(snapshot.State.Length);
                state.Write(snapshot.TailFrom, bytes);
                if (!bytes.WrittenSpan.SequenceEqual(snapshot.State))
                {
                    return string.Create(CultureInfo.InvariantCulture, $"The state that partition {partition} has stored at offset {snapshot.NextOffset} is not the fold of its log, which was folded up to {state.NextOffset}.");
                }
            }
        }

        return null;
    }

    private static RecordedEvent EventOf(LogEntry entry) => entry.Event is { } engagement
        ? new RecordedEvent(engagement.EventId, entry.UserId, engagement.TitleId, JsonNamingPolicy.CamelCase.ConvertName(engagement.Type.ToString()))
        : new RecordedEvent("", entry.UserId, "", "erasure");
}
