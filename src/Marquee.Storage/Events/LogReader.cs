using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Events;

/// <summary>The reading statements of one connection to the log. Verifies whatever it returns.</summary>
internal sealed class LogReader
{
    /// <summary>Bound of one truncation step: other partitions' appends wait for it.</summary>
    private const int TruncationBatchesMax = 256;

    private readonly string _path;
    private readonly SqliteStatement _partition;
    private readonly SqliteStatement _partitions;
    private readonly SqliteStatement _batchAt;
    private readonly SqliteStatement _batches;
    private readonly SqliteStatement _keys;

    public LogReader(SqliteDatabase database)
    {
        _path = database.Path;
        _partition = database.Prepare("SELECT epoch, first_offset, next_offset, checksum FROM partition WHERE partition = ?1");
        _partitions = database.Prepare("SELECT partition, epoch, first_offset, next_offset, checksum FROM partition ORDER BY partition");
        _batchAt = database.Prepare("SELECT first_offset FROM batch WHERE partition = ?1 AND first_offset <= ?2 ORDER BY first_offset DESC LIMIT 1");
        _batches = database.Prepare("SELECT first_offset, count, epoch, checksum, payload FROM batch WHERE partition = ?1 AND first_offset >= ?2 ORDER BY first_offset");
        _keys = database.Prepare("SELECT first_offset, count FROM batch WHERE partition = ?1 AND first_offset >= ?2 ORDER BY first_offset");
    }

    /// <summary>The partition's row; null when it was never opened.</summary>
    /// <exception cref="StoreDamagedException">The row fails its checksum.</exception>
    public PartitionRow? Partition(LogPartition partition)
    {
        _partition.Bind(1, partition.Name);
        if (!_partition.Step())
        {
            return null;
        }

        var row = new PartitionRow(_partition.Int64(0), _partition.Int64(1), _partition.Int64(2));
        var checksum = (ulong)_partition.Int64(3);
        _partition.Reset();
        return Verified(partition, row, checksum);
    }

    /// <summary>Every partition's row, in the order of their names.</summary>
    /// <param name="content">The sum of their checksums, from the ledger.</param>
    /// <exception cref="StoreDamagedException">A row fails its checksum, or they are not those that the ledger summed.</exception>
    public List<(LogPartition Partition, PartitionRow Row)> Partitions(ulong content)
    {
        var rows = new List<(LogPartition, PartitionRow)>();
        var sum = 0UL;
        try
        {
            while (_partitions.Step())
            {
                var partition = new LogPartition(_partitions.Text(0));
                var row = new PartitionRow(_partitions.Int64(1), _partitions.Int64(2), _partitions.Int64(3));
                sum = unchecked(sum + (ulong)_partitions.Int64(4));
                rows.Add((partition, Verified(partition, row, (ulong)_partitions.Int64(4))));
            }
        }
        finally
        {
            _partitions.Reset();
        }

        return sum == content
            ? rows
            : throw new StoreDamagedException($"{_path}, table partition", $"rows whose checksums add up to {content:x16}", $"{sum:x16}", RepairAdvice.Restore);
    }

    /// <summary>Reads retained batches from <paramref name="position"/> on, as many as fit a chunk.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="position">Where to begin; a chunk's last end when it continues another.</param>
    /// <param name="isContinuation">Whether an earlier chunk ended at <paramref name="position"/>.</param>
    /// <param name="batchesMax">How many batches a chunk may have.</param>
    /// <param name="bytesMax">A chunk with this many bytes of payload is complete.</param>
    /// <exception cref="StoreDamagedException">A batch fails its checksum, or one is missing.</exception>
    /// <exception cref="LogTruncatedException">The continuation was truncated away meanwhile.</exception>
    public LogChunk Read(LogPartition partition, long position, bool isContinuation, int batchesMax, int bytesMax)
    {
        if (Partition(partition) is not { } row)
        {
            return new LogChunk([], position, true);
        }

        if (position < row.FirstOffset && isContinuation)
        {
            throw new LogTruncatedException(partition, position, row.FirstOffset);
        }

        var batches = new List<StoredBatch>();
        if (position >= row.NextOffset)
        {
            return new LogChunk(batches, position, true);
        }

        var next = position <= row.FirstOffset ? row.FirstOffset : BatchAt(partition, position);
        var bytes = 0L;
        _batches.Bind(1, partition.Name);
        _batches.Bind(2, next);
        try
        {
            while (next < row.NextOffset && batches.Count < batchesMax && bytes < bytesMax)
            {
                var batch = Next(partition, next, row.NextOffset);
                batches.Add(batch);
                bytes += batch.Payload.Length;
                next += batch.Count;
            }
        }
        finally
        {
            _batches.Reset();
        }

        return new LogChunk(batches, next, next >= row.NextOffset);
    }

    /// <summary>Where retention begins after one truncation step: the start of the first batch that must stay.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="row">Its row.</param>
    /// <param name="before">Batches that end at or before it may go.</param>
    /// <param name="more">Whether the bound of one step cut it short.</param>
    public long TruncationPoint(LogPartition partition, PartitionRow row, long before, out bool more)
    {
        var point = row.FirstOffset;
        more = false;
        _keys.Bind(1, partition.Name);
        _keys.Bind(2, point);
        try
        {
            for (var taken = 0; _keys.Step() && point + _keys.Int64(1) <= before; taken++)
            {
                if (_keys.Int64(0) != point)
                {
                    throw Missing(partition, point, _keys.Int64(0).ToString());
                }

                if (taken == TruncationBatchesMax)
                {
                    more = true;
                    break;
                }

                point += _keys.Int64(1);
            }
        }
        finally
        {
            _keys.Reset();
        }

        return point;
    }

    private StoredBatch Next(LogPartition partition, long expected, long end)
    {
        if (!_batches.Step())
        {
            throw Missing(partition, expected, $"nothing up to the end at {end}");
        }

        var (first, count, epoch) = (_batches.Int64(0), _batches.Int64(1), _batches.Int64(2));
        if (first != expected)
        {
            throw Missing(partition, expected, $"a batch at {first}");
        }

        var payload = _batches.Blob(4);
        var found = (ulong)_batches.Int64(3);
        if (count is < 1 or > int.MaxValue || first + count > end)
        {
            throw Damaged(partition, first, $"between 1 and {end - first} events", count.ToString());
        }

        var checksum = LogTables.BatchChecksum(partition.Name, first, (int)count, epoch, payload);
        return checksum == found
            ? new StoredBatch(epoch, first, (int)count, payload.ToArray())
            : throw Damaged(partition, first, $"checksum {found:x16}", $"{checksum:x16}");
    }

    private long BatchAt(LogPartition partition, long position)
    {
        _batchAt.Bind(1, partition.Name);
        _batchAt.Bind(2, position);
        if (!_batchAt.Step())
        {
            throw Missing(partition, position, "nothing before it");
        }

        var first = _batchAt.Int64(0);
        _batchAt.Reset();
        return first;
    }

    private PartitionRow Verified(LogPartition partition, PartitionRow row, ulong checksum)
        => LogTables.PartitionChecksum(partition.Name, row) == checksum && row.FirstOffset <= row.NextOffset
            ? row
            : throw new StoreDamagedException($"{_path}, table partition, `{partition}`", $"checksum {checksum:x16}",
                $"{LogTables.PartitionChecksum(partition.Name, row):x16}", RepairAdvice.Restore);

    private StoreDamagedException Missing(LogPartition partition, long offset, string found)
        => Damaged(partition, offset, "a batch that begins there", found);

    private StoreDamagedException Damaged(LogPartition partition, long offset, string expected, string found)
        => new($"{_path}, table batch, `{partition}`, offset {offset}", expected, found, RepairAdvice.Restore);
}

/// <summary>What one read transaction gave.</summary>
/// <param name="Batches">The batches, each connecting to the one before.</param>
/// <param name="Next">The offset behind the last of them.</param>
/// <param name="IsEnd">Whether that is the partition's end.</param>
internal readonly record struct LogChunk(List<StoredBatch> Batches, long Next, bool IsEnd);
