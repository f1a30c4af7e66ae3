using System.Runtime.CompilerServices;
using Marquee.Storage.Events;
using Npgsql;

namespace Marquee.Storage.Postgres;

/// <summary>The partition log of a cluster, in tables of PostgreSQL.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>Each operation is one statement, and so one transaction that begins and ends at the server: a node that freezes holds no lock.</item>
/// <item>Epoch and next offset are conditions of the update that the append is made of. The row's lock puts it in order with
/// <see cref="OpenAsync"/>: an append of an older epoch lands before the opening, which then counts it, or never.</item>
/// <item>What arrives from other partitions of this node while a transaction is under way shares the next one.</item>
/// <item>One row per batch, with the checksum that the embedded store uses.</item>
/// </list>
/// </remarks>
public sealed class PostgresPartitionLog : IPartitionLog, IAsyncDisposable, IDisposable
{
    private const int PayloadBytesMax = 64 << 20;

    /// <summary>A read takes one batch first, which is all that a look-up wants, then twice as many each time up to this bound.</summary>
    private const int ChunkBatchesMax = 256;
    private const int ChunkBytesMax = 1 << 20;

    private readonly PostgresDatabase _database;
    private readonly PostgresLogStatements _statements;
    private readonly GatheringWriter<PendingAppend, AppendOutcome> _writer;

    /// <summary>Opens the log.</summary>
    /// <param name="database">The database; stays the caller's.</param>
    /// <param name="options">Bounds.</param>
    public PostgresPartitionLog(PostgresDatabase database, PostgresStorageOptions options)
    {
        _database = database;
        _statements = new PostgresLogStatements(database);
        _writer = new GatheringWriter<PendingAppend, AppendOutcome>(append => append.Partition, FlushAsync, options.QueuedWritesMax);
    }

    /// <inheritdoc/>
    public async ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken)
    {
        partition.Validate();
        return await _database.ReadAsync($"open `{partition}`", connection => _statements.OpenAsync(connection, partition, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        partition.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(expectedOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Count, 1, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Payload.Length, PayloadBytesMax, nameof(batch));

        // Copied: a caller that gives up may use its memory again while the driver still sends.
        var pending = new PendingAppend(partition, epoch, expectedOffset, batch.Count, batch.Payload.ToArray());
        var write = new GatheredWrite<PendingAppend, AppendOutcome>(pending, pending.Payload.Length, answer => answer.TrySetResult(AppendOutcome.Unknown));
        return new ValueTask<AppendOutcome>(_writer.SubmitAsync(write, cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        partition.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var chunk = new LogChunk([], from, false);
        for (var batchesMax = 1; !chunk.IsEnd; batchesMax = Math.Min(2 * batchesMax, ChunkBatchesMax))
        {
            var (position, isContinuation, most) = (chunk.Next, batchesMax > 1, batchesMax);
            chunk = await _database.ReadAsync(
                $"read `{partition}`",
                connection => _statements.ReadAsync(connection, partition, position, isContinuation, most, ChunkBytesMax, cancellationToken),
                cancellationToken).ConfigureAwait(false);
            foreach (var batch in chunk.Batches)
            {
                yield return batch;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
    {
        partition.Validate();
        TruncationStep step;
        do
        {
            step = await _database.ReadAsync(
                $"truncate `{partition}`",
                connection => _statements.TruncateAsync(connection, partition, epoch, before, cancellationToken),
                cancellationToken).ConfigureAwait(false);
        }
        while (step == TruncationStep.More);
        return step == TruncationStep.Done;
    }

    /// <summary>Writes what is queued.</summary>
    public ValueTask DisposeAsync() => _writer.DisposeAsync();

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private async Task FlushAsync(IReadOnlyList<GatheredWrite<PendingAppend, AppendOutcome>> group)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await _database.ConnectAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreUnavailableException)
        {
            CompleteAll(group, AppendOutcome.Unavailable);
            return;
        }

        await using (connection.ConfigureAwait(false))
        {
            try
            {
                var landed = await AppendAsync(connection, [.. group.Select(write => write.Write)]).ConfigureAwait(false);
                foreach (var write in group.Where(write => landed.Contains(write.Write.Partition)))
                {
                    write.Complete(AppendOutcome.Appended);
                }

                await AnswerRefusedAsync(connection, [.. group.Where(write => !landed.Contains(write.Write.Partition))]).ConfigureAwait(false);
            }
            catch (Exception exception) when (PostgresFailure.IsFull(exception))
            {
                CompleteAll(group, AppendOutcome.Full);
            }
            catch (Exception exception) when (PostgresFailure.IsRefusal(exception))
            {
                throw PostgresFailure.ToStoreException(_database.Place, "append", exception);
            }
            catch (Exception exception) when (PostgresFailure.IsExpected(exception))
            {
                CompleteAll(group, AppendOutcome.Unknown);
            }
        }
    }

    /// <summary>Appends; once more when the server rolled it back for another transaction's sake.</summary>
    private async Task<HashSet<LogPartition>> AppendAsync(NpgsqlConnection connection, PendingAppend[] appends)
    {
        try
        {
            return await _statements.AppendAsync(connection, appends).ConfigureAwait(false);
        }
        catch (Exception exception) when (PostgresFailure.IsConflict(exception))
        {
            return await _statements.AppendAsync(connection, appends).ConfigureAwait(false);
        }
    }

    /// <summary>Finds out why the server did not take an append: for certain nothing of it was written.</summary>
    private async Task AnswerRefusedAsync(NpgsqlConnection connection, IReadOnlyList<GatheredWrite<PendingAppend, AppendOutcome>> refused)
    {
        if (refused.Count == 0)
        {
            return;
        }

        var rows = await _statements.PartitionsAsync(connection, [.. refused.Select(write => write.Write.Partition)]).ConfigureAwait(false);
        foreach (var write in refused)
        {
            var append = write.Write;
            if (!rows.TryGetValue(append.Partition, out var row) || row.Epoch != append.Epoch)
            {
                write.Complete(AppendOutcome.Fenced);
            }
            else
            {
                write.Fail(new UnexpectedOffsetException(append.Partition, row.NextOffset, append.ExpectedOffset));
            }
        }
    }

    private static void CompleteAll(IEnumerable<GatheredWrite<PendingAppend, AppendOutcome>> group, AppendOutcome outcome)
    {
        foreach (var write in group)
        {
            write.Complete(outcome);
        }
    }
}

/// <summary>An append on its way.</summary>
internal sealed record PendingAppend(LogPartition Partition, long Epoch, long ExpectedOffset, int Count, byte[] Payload);
