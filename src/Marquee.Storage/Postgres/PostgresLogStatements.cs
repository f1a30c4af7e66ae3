using Marquee.Storage.Events;
using Npgsql;
using NpgsqlTypes;
using static Marquee.Storage.Postgres.PostgresCommands;

namespace Marquee.Storage.Postgres;

/// <summary>The log's statements. Each is one statement: one snapshot, one transaction.</summary>
internal sealed class PostgresLogStatements(PostgresDatabase database)
{
    /// <summary>Bound of one truncation step.</summary>
    private const int TruncationBatchesMax = 256;

    private readonly string _open =
        $"""
        INSERT INTO {database.Schema}.partition AS p VALUES ($1, 1, 0, 0)
        ON CONFLICT (partition) DO UPDATE SET epoch = p.epoch + 1
        RETURNING epoch, first_offset, next_offset
        """;

    /// <summary>Moves the ends of the partitions that the writer owns and is right about, and adds the batches of those only.</summary>
    private readonly string _append =
        $"""
        WITH wanted AS (
            SELECT * FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::integer[], $5::bigint[], $6::bytea[])
            AS w (partition, epoch, first_offset, count, checksum, payload)),
        moved AS (
            UPDATE {database.Schema}.partition p SET next_offset = w.first_offset + w.count FROM wanted w
            WHERE p.partition = w.partition AND p.epoch = w.epoch AND p.next_offset = w.first_offset
            RETURNING p.partition)
        INSERT INTO {database.Schema}.batch (partition, first_offset, count, epoch, checksum, payload)
        SELECT w.partition, w.first_offset, w.count, w.epoch, w.checksum, w.payload FROM wanted w JOIN moved USING (partition)
        RETURNING partition
        """;

    private readonly string _partitions = $"SELECT partition, epoch, first_offset, next_offset FROM {database.Schema}.partition WHERE partition = ANY ($1)";

    /// <summary>The partition's row beside each batch: both are of one snapshot. Always the first batch, then as many as fit.</summary>
    private readonly string _read =
        $"""
        SELECT p.epoch, p.first_offset, p.next_offset, b.first_offset, b.count, b.epoch, b.checksum, b.payload
        FROM {database.Schema}.partition p
        LEFT JOIN LATERAL (
            SELECT first_offset, count, epoch, checksum, payload, sum(octet_length(payload)) OVER (ORDER BY first_offset) - octet_length(payload) AS bytes_before
            FROM (
                SELECT * FROM {database.Schema}.batch
                WHERE partition = p.partition AND first_offset >= coalesce(
                    (SELECT max(first_offset) FROM {database.Schema}.batch WHERE partition = p.partition AND first_offset <= $2), $2)
                AND first_offset + count > $2
                ORDER BY first_offset LIMIT $3) AS next
        ) AS b ON b.bytes_before < $4
        WHERE p.partition = $1
        ORDER BY b.first_offset
        """;

    private readonly string _truncate =
        $"""
        WITH owned AS (
            SELECT partition FROM {database.Schema}.partition WHERE partition = $1 AND epoch = $2 FOR UPDATE),
        oldest AS (
            SELECT b.partition, b.first_offset FROM {database.Schema}.batch b JOIN owned USING (partition)
            WHERE b.first_offset + b.count <= $3 ORDER BY b.first_offset LIMIT {TruncationBatchesMax}),
        gone AS (
            DELETE FROM {database.Schema}.batch b USING oldest o WHERE b.partition = o.partition AND b.first_offset = o.first_offset
            RETURNING b.first_offset + b.count AS next)
        UPDATE {database.Schema}.partition p SET first_offset = greatest(p.first_offset, (SELECT max(next) FROM gone))
        FROM owned WHERE p.partition = owned.partition AND p.epoch = $2
        RETURNING (SELECT count(*) FROM gone)
        """;

    public async Task<PartitionOwnership> OpenAsync(NpgsqlConnection connection, LogPartition partition, CancellationToken cancellationToken)
    {
        var command = Command(connection, _open, Text(partition.Name));
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
                return new PartitionOwnership(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
            }
        }
    }

    /// <summary>Appends at most one batch per partition.</summary>
    /// <returns>The partitions whose batch was taken.</returns>
    public async Task<HashSet<LogPartition>> AppendAsync(NpgsqlConnection connection, PendingAppend[] appends)
    {
        var command = Command(
            connection,
            _append,
            Array(NpgsqlDbType.Text, appends, append => append.Partition.Name),
            Array(NpgsqlDbType.Bigint, appends, append => append.Epoch),
            Array(NpgsqlDbType.Bigint, appends, append => append.ExpectedOffset),
            Array(NpgsqlDbType.Integer, appends, append => append.Count),
            Array(NpgsqlDbType.Bigint, appends, append => (long)LogTables.BatchChecksum(append.Partition.Name, append.ExpectedOffset, append.Count, append.Epoch, append.Payload)),
            Array(NpgsqlDbType.Bytea, appends, append => append.Payload));
        await using (command.ConfigureAwait(false))
        {
            var landed = new HashSet<LogPartition>();
            var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    landed.Add(new LogPartition(reader.GetString(0)));
                }
            }

            return landed;
        }
    }

    /// <summary>The rows of partitions; those that were never opened are missing.</summary>
    public async Task<Dictionary<LogPartition, PartitionRow>> PartitionsAsync(NpgsqlConnection connection, LogPartition[] partitions)
    {
        var command = Command(connection, _partitions, Array(NpgsqlDbType.Text, partitions, partition => partition.Name));
        await using (command.ConfigureAwait(false))
        {
            var rows = new Dictionary<LogPartition, PartitionRow>();
            var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    rows.Add(new LogPartition(reader.GetString(0)), new PartitionRow(reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3)));
                }
            }

            return rows;
        }
    }

    /// <summary>Reads retained batches from a position on, as many as fit a chunk.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="partition">The partition.</param>
    /// <param name="position">Where to begin; a chunk's last end when it continues another.</param>
    /// <param name="isContinuation">Whether an earlier chunk ended at <paramref name="position"/>.</param>
    /// <param name="batchesMax">How many batches a chunk may have.</param>
    /// <param name="bytesMax">A chunk with this many bytes of payload is complete.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreDamagedException">A batch fails its checksum, or one is missing.</exception>
    /// <exception cref="LogTruncatedException">The continuation was truncated away meanwhile.</exception>
    public async Task<LogChunk> ReadAsync(
        NpgsqlConnection connection, LogPartition partition, long position, bool isContinuation, int batchesMax, int bytesMax, CancellationToken cancellationToken)
    {
        var command = Command(connection, _read, Text(partition.Name), Bigint(position), Bigint(batchesMax), Bigint(bytesMax));
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                var batches = new List<StoredBatch>();
                PartitionRow? known = null;
                var next = position;
                while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
                {
                    if (known is null)
                    {
                        var first = new PartitionRow(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
                        if (position < first.FirstOffset && isContinuation)
                        {
                            throw new LogTruncatedException(partition, position, first.FirstOffset);
                        }

                        known = first;
                        next = Math.Max(position, first.FirstOffset);
                    }

                    if (next >= known.Value.NextOffset || await reader.IsDBNullAsync(3, cancellationToken).ConfigureAwait(false))
                    {
                        break;
                    }

                    var batch = Verified(reader, partition, next, isFirst: batches.Count == 0, known.Value.NextOffset);
                    batches.Add(batch);
                    next = batch.FirstOffset + batch.Count;
                }

                if (known is { } row && batches.Count == 0 && next < row.NextOffset)
                {
                    throw Damaged(partition, next, "a batch that holds it", $"nothing up to the end at {row.NextOffset}");
                }

                return new LogChunk(batches, next, known is null || next >= known.Value.NextOffset);
            }
        }
    }

    /// <summary>Deletes batches that lie wholly before an offset, at most a bounded number at a time.</summary>
    public async Task<TruncationStep> TruncateAsync(NpgsqlConnection connection, LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
    {
        var command = Command(connection, _truncate, Text(partition.Name), Bigint(epoch), Bigint(before));
        await using (command.ConfigureAwait(false))
        {
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) switch
            {
                long gone => gone == TruncationBatchesMax ? TruncationStep.More : TruncationStep.Done,
                _ => TruncationStep.Fenced,
            };
        }
    }

    private StoredBatch Verified(NpgsqlDataReader row, LogPartition partition, long expected, bool isFirst, long end)
    {
        var (first, count, epoch, checksum) = (row.GetInt64(3), row.GetInt32(4), row.GetInt64(5), (ulong)row.GetInt64(6));
        if (isFirst ? first > expected || first + count <= expected : first != expected)
        {
            throw Damaged(partition, expected, "a batch that holds it", $"a batch of {count} events at {first}");
        }

        if (first + count > end)
        {
            throw Damaged(partition, first, $"at most {end - first} events", $"{count}");
        }

        var payload = row.GetFieldValue<byte[]>(7);
        var found = LogTables.BatchChecksum(partition.Name, first, count, epoch, payload);
        return found == checksum
            ? new StoredBatch(epoch, first, count, payload)
            : throw Damaged(partition, first, $"checksum {checksum:x16}", $"{found:x16}");
    }

    private StoreDamagedException Damaged(LogPartition partition, long offset, string expected, string found)
        => new($"{database.Place}, table batch, `{partition}`, offset {offset}", expected, found, PostgresRepair.Restore);
}
