using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Events;

/// <summary>The statements of the log's writer. Each method runs inside the writer's open transaction.</summary>
internal sealed class LogSession
{
    private readonly StoreConnection _connection;
    private readonly SqliteStatement _insertPartition;
    private readonly SqliteStatement _updatePartition;
    private readonly SqliteStatement _insertBatch;
    private readonly SqliteStatement _deleteBatches;
    private readonly LogReader _reader;

    /// <summary>Prepares the statements and checks the partitions against the ledger.</summary>
    /// <exception cref="StoreDamagedException">A partition's row is damaged, missing or not the newest.</exception>
    public LogSession(StoreConnection connection)
    {
        _connection = connection;
        var database = connection.Database;
        _insertPartition = database.Prepare("INSERT INTO partition (epoch, first_offset, next_offset, checksum, partition) VALUES (?1, ?2, ?3, ?4, ?5)");
        _updatePartition = database.Prepare("UPDATE partition SET epoch = ?1, first_offset = ?2, next_offset = ?3, checksum = ?4 WHERE partition = ?5");
        _insertBatch = database.Prepare("INSERT INTO batch (partition, first_offset, count, epoch, checksum, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _deleteBatches = database.Prepare("DELETE FROM batch WHERE partition = ?1 AND first_offset < ?2");
        _reader = new LogReader(database);
        _reader.Partitions(connection.Ledger.Content);
    }

    /// <summary>Raises the partition's epoch.</summary>
    public PartitionOwnership Open(LogPartition partition)
    {
        var old = _reader.Partition(partition);
        var row = old is { } known ? known with { Epoch = known.Epoch + 1 } : new PartitionRow(1, 0, 0);
        Replace(partition, old, row);
        return new PartitionOwnership(row.Epoch, row.FirstOffset, row.NextOffset);
    }

    /// <summary>Adds a batch, if the writer still owns the partition.</summary>
    /// <returns><see cref="AppendOutcome.Appended"/> (once committed) or <see cref="AppendOutcome.Fenced"/>.</returns>
    /// <exception cref="UnexpectedOffsetException">The writer owns the partition but is wrong about its end.</exception>
    public AppendOutcome Append(LogPartition partition, long epoch, long expectedOffset, LogBatch batch)
    {
        if (_reader.Partition(partition) is not { } row || row.Epoch != epoch)
        {
            return AppendOutcome.Fenced;
        }

        if (row.NextOffset != expectedOffset)
        {
            throw new UnexpectedOffsetException(partition, row.NextOffset, expectedOffset);
        }

        var payload = batch.Payload.Span;
        _insertBatch.Bind(1, partition.Name);
        _insertBatch.Bind(2, expectedOffset);
        _insertBatch.Bind(3, batch.Count);
        _insertBatch.Bind(4, epoch);
        _insertBatch.Bind(5, (long)LogTables.BatchChecksum(partition.Name, expectedOffset, batch.Count, epoch, payload));
        _insertBatch.Bind(6, payload);
        _insertBatch.Run();
        Replace(partition, row, row with { NextOffset = checked(expectedOffset + batch.Count) });
        return AppendOutcome.Appended;
    }

    /// <summary>Deletes batches that lie wholly before an offset, at most a bounded number at a time.</summary>
    public TruncationStep Truncate(LogPartition partition, long epoch, long before)
    {
        if (_reader.Partition(partition) is not { } row || row.Epoch != epoch)
        {
            return TruncationStep.Fenced;
        }

        var first = _reader.TruncationPoint(partition, row, before, out var more);
        if (first > row.FirstOffset)
        {
            _deleteBatches.Bind(1, partition.Name);
            _deleteBatches.Bind(2, first);
            _deleteBatches.Run();
            _connection.Erases();
            Replace(partition, row, row with { FirstOffset = first });
        }

        return more ? TruncationStep.More : TruncationStep.Done;
    }

    private void Replace(LogPartition partition, PartitionRow? old, PartitionRow row)
    {
        var checksum = LogTables.PartitionChecksum(partition.Name, row);
        var statement = old is null ? _insertPartition : _updatePartition;
        statement.Bind(1, row.Epoch);
        statement.Bind(2, row.FirstOffset);
        statement.Bind(3, row.NextOffset);
        statement.Bind(4, (long)checksum);
        statement.Bind(5, partition.Name);
        statement.Run();
        _connection.Ledger.Replace(old is { } known ? LogTables.PartitionChecksum(partition.Name, known) : 0, checksum);
    }
}

/// <summary>How far a truncation got.</summary>
internal enum TruncationStep
{
    /// <summary>Everything asked for is deleted.</summary>
    Done,

    /// <summary>Another step is needed.</summary>
    More,

    /// <summary>The writer no longer owns the partition; nothing was deleted.</summary>
    Fenced,
}
