using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Events;

/// <summary>Checks every row of the log: checksums, offsets without gap or overlap, epochs that never fall.</summary>
internal static class LogInspection
{
    /// <summary>Checks the rows over a connection inside a read transaction.</summary>
    /// <param name="database">The connection.</param>
    /// <param name="content">The sum of the partitions' checksums, from the ledger.</param>
    /// <param name="report">Told each finding.</param>
    /// <param name="visit">Told each batch that passes its checksum, in the order of partition and offset; its payload is valid during the call.</param>
    /// <returns>The partitions.</returns>
    public static List<(LogPartition Partition, PartitionRow Row)> Run(
        SqliteDatabase database, ulong content, Action<StoreFinding> report, BatchVisitor? visit)
    {
        List<(LogPartition Partition, PartitionRow Row)> partitions;
        try
        {
            partitions = new LogReader(database).Partitions(content);
        }
        catch (StoreDamagedException damaged)
        {
            report(StoreFinding.From(damaged));
            return [];
        }

        var rows = partitions.ToDictionary(partition => partition.Partition.Name, partition => partition.Row, StringComparer.Ordinal);
        var scan = new Scan(database.Path, rows, report, visit);
        using var batches = new SqliteStatement(
            database.Handle, "SELECT partition, first_offset, count, epoch, checksum, payload FROM batch ORDER BY partition, first_offset");
        while (batches.Step())
        {
            scan.Check(batches.Text(0), batches.Int64(1), batches.Int64(2), batches.Int64(3), (ulong)batches.Int64(4), batches.Blob(5));
        }

        scan.Finish();
        return partitions;
    }

    /// <summary>One pass over the batches in key order.</summary>
    private sealed class Scan(string path, Dictionary<string, PartitionRow> unseen, Action<StoreFinding> report, BatchVisitor? visit)
    {
        private string? _partition;
        private PartitionRow _row;
        private long _next;
        private long _epoch;

        public void Check(string partition, long first, long count, long epoch, ulong checksum, ReadOnlySpan<byte> payload)
        {
            if (!string.Equals(partition, _partition, StringComparison.Ordinal))
            {
                Finish(_partition);
                Begin(partition, first);
            }

            if (first != _next)
            {
                Report(first, $"the batch that begins at {_next}", $"a batch that begins at {first}");
            }

            if (epoch < _epoch || epoch > _row.Epoch)
            {
                Report(first, $"an epoch from {_epoch} to {_row.Epoch}", $"{epoch}");
            }

            _epoch = Math.Max(_epoch, epoch);
            _next = first + Math.Max(count, 1);
            var found = LogTables.BatchChecksum(partition, first, (int)count, epoch, payload);
            if (found != checksum || count is < 1 or > int.MaxValue)
            {
                Report(first, $"checksum {checksum:x16}", $"{found:x16}");
            }
            else
            {
                visit?.Invoke(new LogPartition(partition), epoch, first, (int)count, payload);
            }
        }

        /// <summary>Ends the pass: the partitions without a batch must be empty.</summary>
        public void Finish()
        {
            Finish(_partition);
            foreach (var (partition, row) in unseen)
            {
                if (row.FirstOffset != row.NextOffset)
                {
                    _partition = partition;
                    Report(row.FirstOffset, $"batches up to offset {row.NextOffset}", "none");
                }
            }
        }

        private void Begin(string partition, long first)
        {
            _partition = partition;
            _epoch = 1;
            if (unseen.Remove(partition, out _row))
            {
                _next = _row.FirstOffset;
            }
            else
            {
                _row = new PartitionRow(long.MaxValue, first, long.MaxValue);
                _next = first;
                Report(first, "no batch of a partition that was never opened", "one");
            }
        }

        private void Finish(string? partition)
        {
            if (partition is not null && _row.NextOffset != long.MaxValue && _next != _row.NextOffset)
            {
                Report(_next, $"the log's end at offset {_row.NextOffset}", $"its end at {_next}");
            }
        }

        private void Report(long offset, string expected, string found)
            => report(new StoreFinding($"{path}, table batch, `{_partition}`, offset {offset}", expected, found));
    }
}

/// <summary>Is told of a batch; the payload is valid during the call only.</summary>
internal delegate void BatchVisitor(LogPartition partition, long epoch, long firstOffset, int count, ReadOnlySpan<byte> payload);
