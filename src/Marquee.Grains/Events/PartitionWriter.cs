using System.Buffers;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Storage.Events;
using AppendOutcome = Marquee.Contracts.Events.AppendOutcome;
using StoredOutcome = Marquee.Storage.Events.AppendOutcome;

namespace Marquee.Grains.Events;

/// <summary>The one writer of a partition: drops duplicates, appends durably, folds, hands to viewers, then answers. In this order.</summary>
internal sealed class PartitionWriter
{
    /// <summary>Why a writer may not write any more, when the store refused it.</summary>
    public const string TakenOver = "Another node has taken this partition over.";

    private static readonly TimeSpan AppendTimeout = TimeSpan.FromSeconds(8);

    private readonly IPartitionLog _log;
    private readonly OpenPartition _partition;
    private readonly PartitionClaim _claim;
    private readonly UserDelivery _delivery;
    private readonly TimeProvider _time;
    private readonly GroupCommit<Waiting> _commits;
    private readonly ArrayBufferWriter<byte> _payload = new(4096);

    // Of one flush at a time, of which most are small: made anew for each they were a tenth of what an event allocates here.
    private readonly List<LogEntry> _fresh = [];
    private readonly HashSet<UInt128> _inThisFlush = [];
    private readonly UserBatches _users = new();
    private readonly Action _committed;
    private readonly Action _fenced;
    private readonly Action<string> _lost;
    private string? _lostReason;

    /// <param name="log">The log.</param>
    /// <param name="partition">The opened partition.</param>
    /// <param name="claim">Told of each append that the store granted.</param>
    /// <param name="delivery">Hands events to viewers.</param>
    /// <param name="options">Bounds.</param>
    /// <param name="time">The wall clock.</param>
    /// <param name="committed">Told after each commit.</param>
    /// <param name="fenced">Told of each append that the store refused, since another had taken the partition over.</param>
    /// <param name="lost">Told once when this writer may not write any more.</param>
    public PartitionWriter(
        IPartitionLog log,
        OpenPartition partition,
        PartitionClaim claim,
        UserDelivery delivery,
        MarqueeOptions options,
        TimeProvider time,
        Action committed,
        Action fenced,
        Action<string> lost)
    {
        (_log, _partition, _claim, _delivery, _time, _committed, _fenced, _lost) = (log, partition, claim, delivery, time, committed, fenced, lost);
        _commits = new GroupCommit<Waiting>(options.MostWaitingEvents, options.MostEventsPerFlush, waiting => waiting.Entries.Count, Flush);
    }

    /// <summary>Completes when nothing waits any more.</summary>
    public Task Idle => _commits.Running;

    /// <summary>Appends entries in order; answers when they are durable and handed over.</summary>
    public Task<AppendResult> Append(IReadOnlyList<LogEntry> entries)
    {
        if (_lostReason is { } reason)
        {
            return Task.FromResult(Failed(AppendOutcome.Unknown, reason));
        }

        var waiting = new Waiting(entries);
        return _commits.TryAdd(waiting)
            ? waiting.Answer.Task
            : Task.FromResult(Failed(AppendOutcome.Busy, "Too many events wait in this partition."));
    }

    private async Task Flush(IReadOnlyList<Waiting> batch)
    {
        try
        {
            if (_lostReason is { } reason)
            {
                FailAll(batch, AppendOutcome.Unknown, reason);
                return;
            }

            DropDuplicates(batch);
            if (_fresh.Count == 0)
            {
                _ = AnswerWhenDelivered(batch, Deliver());
                return;
            }

            var (appendedAt, moment) = (_time.GetUtcNow().ToUnixTimeMilliseconds(), _claim.Now);
            switch (await AppendToLog(appendedAt))
            {
                case StoredOutcome.Appended:
                    _claim.Confirm(moment);
                    _ = AnswerWhenDelivered(batch, FoldAndDeliver(appendedAt));
                    _committed();
                    break;
                case StoredOutcome.Full:
                    FailAll(batch, AppendOutcome.Unavailable, "The store has no room. Nothing was written; free some space and retry.");
                    break;
                case StoredOutcome.Unavailable:
                    FailAll(batch, AppendOutcome.Unavailable, "The store cannot be reached. Nothing was written; retry.");
                    break;
                case StoredOutcome.Fenced:
                    _fenced();
                    Lose(batch, TakenOver);
                    break;
                default:
                    Lose(batch, "The store did not say whether the events were written.");
                    break;
            }
        }
        catch (Exception exception)
        {
            // Whatever it was, this writer's picture of the log is not to be trusted any more: open anew.
            Lose(batch, exception.Message);
        }
    }

    /// <summary>Drops what is in the log already. Its viewers are reminded of it: who sends again does not know whether they were told.</summary>
    private void DropDuplicates(IReadOnlyList<Waiting> batch)
    {
        _fresh.Clear();
        _inThisFlush.Clear();
        _users.Clear();
        foreach (var waiting in batch)
        {
            foreach (var entry in waiting.Entries)
            {
                if (entry.Event is { } engagement)
                {
                    var hash = DuplicateWindow.HashOf(entry.Tenant, entry.UserId, engagement.EventId);
                    if (_partition.State.Duplicates.Contains(hash) || !_inThisFlush.Add(hash))
                    {
                        waiting.Duplicates++;
                        _users.Remind(entry.UserKey, _partition.State.Tail.Newest(entry.UserKey));
                        continue;
                    }
                }

                _fresh.Add(entry);
            }
        }
    }

    private async Task<StoredOutcome> AppendToLog(long appendedAt)
    {
        _payload.ResetWrittenCount();
        LogEntryCodec.Encode(_fresh, appendedAt, _payload);
        using var timeout = new CancellationTokenSource(AppendTimeout, _time);
        try
        {
            return await _log.AppendAsync(
                _partition.Name,
                _partition.Epoch,
                _partition.State.NextOffset,
                new LogBatch(_fresh.Count, _payload.WrittenMemory),
                timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return StoredOutcome.Unknown;
        }
    }

    private Task FoldAndDeliver(long appendedAt)
    {
        foreach (var entry in _fresh)
        {
            var offset = _partition.State.NextOffset;
            var previous = _partition.State.Apply(entry, appendedAt);
            _users.Add(entry, offset, previous);
        }

        return Deliver();
    }

    private Task Deliver() => _delivery.Deliver(_users.All, _partition.Position);

    private async Task AnswerWhenDelivered(IReadOnlyList<Waiting> batch, Task delivered)
    {
        await delivered;
        Answer(batch);
    }

    private void Answer(IReadOnlyList<Waiting> batch)
    {
        foreach (var waiting in batch)
        {
            waiting.Answer.TrySetResult(new AppendResult(
                AppendOutcome.Accepted,
                waiting.Entries.Count - waiting.Duplicates,
                waiting.Duplicates,
                _partition.Position,
                Reason: null));
        }
    }

    private void Lose(IReadOnlyList<Waiting> batch, string reason)
    {
        if (_lostReason is null)
        {
            _lostReason = reason;
            _lost(reason);
        }

        FailAll(batch, AppendOutcome.Unknown, reason);
    }

    private void FailAll(IReadOnlyList<Waiting> batch, AppendOutcome outcome, string reason)
    {
        foreach (var waiting in batch)
        {
            waiting.Answer.TrySetResult(Failed(outcome, reason));
        }
    }

    private AppendResult Failed(AppendOutcome outcome, string reason) => new(outcome, 0, 0, _partition.Position, reason);

    private sealed class Waiting(IReadOnlyList<LogEntry> entries)
    {
        public IReadOnlyList<LogEntry> Entries { get; } = entries;

        public int Duplicates { get; set; }

        public TaskCompletionSource<AppendResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
