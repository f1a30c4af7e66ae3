using Marquee.Contracts.Catalogue;
using Marquee.Grains.Events;
using Marquee.Storage.Events;
using Orleans.Serialization;
using StoredOutcome = Marquee.Storage.Events.AppendOutcome;

namespace Marquee.Grains.Catalogue;

/// <summary>The durable sequence of a tenant's metadata changes: appends in group commits, then applies.</summary>
internal sealed class CatalogueLog
{
    private static readonly TimeSpan AppendTimeout = TimeSpan.FromSeconds(8);
    private const int MostPerFlush = 2_000;

    private readonly IPartitionLog _log;
    private readonly Serializer<CatalogueChange[]> _serializer;
    private readonly LogPartition _partition;
    private readonly Func<IReadOnlyList<CatalogueChange>, CatalogueWriteResult> _apply;
    private readonly Action<string> _lost;
    private readonly GroupCommit<Waiting> _commits;
    private PartitionOwnership _ownership;
    private string? _lostReason;

    public CatalogueLog(
        IPartitionLog log,
        Serializer<CatalogueChange[]> serializer,
        string tenant,
        int mostWaiting,
        Func<IReadOnlyList<CatalogueChange>, CatalogueWriteResult> apply,
        Action<string> lost)
    {
        (_log, _serializer, _apply, _lost) = (log, serializer, apply, lost);
        _partition = LogPartition.Catalogue(tenant);
        _commits = new GroupCommit<Waiting>(mostWaiting, MostPerFlush, waiting => waiting.Changes.Length, Flush);
    }

    /// <summary>The offset of the next change.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Takes the claim.</summary>
    public async Task Open(CancellationToken cancellationToken)
    {
        _ownership = await _log.OpenAsync(_partition, cancellationToken);
        NextOffset = _ownership.NextOffset;
    }

    /// <summary>Applies what is retained from an offset on.</summary>
    /// <exception cref="StoreDamagedException">The log does not reach back to the offset.</exception>
    public async Task Replay(long from, CancellationToken cancellationToken)
    {
        if (from < _ownership.FirstOffset || from > _ownership.NextOffset)
        {
            throw new StoreDamagedException(
                $"partition {_partition}",
                $"changes from offset {from} on",
                $"offsets {_ownership.FirstOffset} to {_ownership.NextOffset}",
                "Restore the data directory from a backup.");
        }

        await foreach (var batch in _log.ReadAsync(_partition, from, cancellationToken))
        {
            var changes = _serializer.Deserialize(batch.Payload)
                ?? throw new InvalidDataException($"The changes at offset {batch.FirstOffset} of {_partition} are empty.");
            _apply(changes[(int)Math.Max(0, from - batch.FirstOffset)..]);
        }
    }

    /// <summary>Appends changes in order and applies them when they are durable.</summary>
    public Task<CatalogueWriteResult> Append(CatalogueChange[] changes)
    {
        var waiting = new Waiting(changes);
        return _lostReason is { } reason
            ? Task.FromResult(Failed(CatalogueWriteOutcome.Unknown, reason))
            : _commits.TryAdd(waiting)
                ? waiting.Answer.Task
                : Task.FromResult(Failed(CatalogueWriteOutcome.Busy, "Too many changes of the catalogue wait."));
    }

    /// <summary>Lets go of what the stored rows cover.</summary>
    public async Task Truncate(long before) => await _log.TruncateAsync(_partition, _ownership.Epoch, before, CancellationToken.None);

    /// <summary>Whether no later activation has taken the log over.</summary>
    public ValueTask<bool> IsHeld() => _log.TruncateAsync(_partition, _ownership.Epoch, before: 0, CancellationToken.None);

    private async Task Flush(IReadOnlyList<Waiting> batch)
    {
        CatalogueChange[] changes = [.. batch.SelectMany(waiting => waiting.Changes)];
        switch (_lostReason is null ? await TryAppend(changes) : StoredOutcome.Unknown)
        {
            case StoredOutcome.Appended:
                NextOffset += changes.Length;
                foreach (var waiting in batch)
                {
                    waiting.Answer.TrySetResult(_apply(waiting.Changes));
                }

                break;
            case StoredOutcome.Full:
                FailAll(batch, CatalogueWriteOutcome.Unavailable, "The store has no room. Nothing was written; free some space and retry.");
                break;
            case StoredOutcome.Unavailable:
                FailAll(batch, CatalogueWriteOutcome.Unavailable, "The store cannot be reached. Nothing was written; retry.");
                break;
            default:
                _lostReason ??= "The store did not confirm a change of the catalogue.";
                _lost(_lostReason);
                FailAll(batch, CatalogueWriteOutcome.Unknown, _lostReason);
                break;
        }
    }

    private async Task<StoredOutcome> TryAppend(CatalogueChange[] changes)
    {
        using var timeout = new CancellationTokenSource(AppendTimeout);
        try
        {
            var payload = _serializer.SerializeToArray(changes);
            return await _log.AppendAsync(_partition, _ownership.Epoch, NextOffset, new LogBatch(changes.Length, payload), timeout.Token);
        }
        catch (Exception exception) when (exception is OperationCanceledException or StoreUnavailableException)
        {
            return StoredOutcome.Unknown;
        }
    }

    private CatalogueWriteResult Failed(CatalogueWriteOutcome outcome, string reason) => new(outcome, 0, 0, 0, reason);

    private void FailAll(IReadOnlyList<Waiting> batch, CatalogueWriteOutcome outcome, string reason)
    {
        foreach (var waiting in batch)
        {
            waiting.Answer.TrySetResult(Failed(outcome, reason));
        }
    }

    private sealed record Waiting(CatalogueChange[] Changes)
    {
        public TaskCompletionSource<CatalogueWriteResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
