using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Npgsql;
using NpgsqlTypes;
using static Marquee.Storage.Postgres.PostgresCommands;

namespace Marquee.Storage.Postgres;

/// <summary>The snapshots' statements. Each is one statement: one snapshot, one transaction.</summary>
internal sealed class PostgresStateStatements(PostgresDatabase database)
{
    /// <summary>Bounds of one chunk of a read of all.</summary>
    private const int ChunkRowsMax = 512;
    private const int ChunkBytesMax = 1 << 20;

    /// <summary>Compare and swap of many states. Zero stands for "no row": a write that knows of none may only add, never replace.</summary>
    private readonly string _write =
        $"""
        WITH wanted AS (
            SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bytea[])
            AS w (state_name, grain_id, known, unsettled, version, checksum, payload)),
        replaced AS (
            UPDATE {database.Schema}.state s SET version = w.version, checksum = w.checksum, payload = w.payload FROM wanted w
            WHERE w.payload IS NOT NULL AND s.state_name = w.state_name AND s.grain_id = w.grain_id AND s.version IN (w.known, w.unsettled)
            RETURNING s.state_name, s.grain_id),
        added AS (
            INSERT INTO {database.Schema}.state (state_name, grain_id, version, checksum, payload)
            SELECT state_name, grain_id, version, checksum, payload FROM wanted WHERE payload IS NOT NULL AND 0 IN (known, unsettled)
            ON CONFLICT (state_name, grain_id) DO NOTHING
            RETURNING state_name, grain_id),
        cleared AS (
            DELETE FROM {database.Schema}.state s USING wanted w
            WHERE w.payload IS NULL AND s.state_name = w.state_name AND s.grain_id = w.grain_id AND s.version IN (w.known, w.unsettled)
            RETURNING s.state_name, s.grain_id),
        absent AS (
            SELECT w.state_name, w.grain_id FROM wanted w
            WHERE w.payload IS NULL AND 0 IN (w.known, w.unsettled)
            AND NOT EXISTS (SELECT FROM {database.Schema}.state s WHERE s.state_name = w.state_name AND s.grain_id = w.grain_id))
        SELECT * FROM replaced UNION ALL SELECT * FROM added UNION ALL SELECT * FROM cleared UNION ALL SELECT * FROM absent
        """;

    private readonly string _read = $"SELECT version, checksum, payload FROM {database.Schema}.state WHERE state_name = $1 AND grain_id = $2";

    private readonly string _readAfter =
        $"SELECT version, checksum, payload, grain_id FROM {database.Schema}.state WHERE state_name = $1 AND grain_id > $2 ORDER BY grain_id LIMIT {ChunkRowsMax}";

    /// <summary>Writes or clears states whose stored version is the one that their writers know.</summary>
    /// <returns>The keys whose write was taken.</returns>
    public async Task<HashSet<StateKey>> WriteAsync(NpgsqlConnection connection, PendingState[] states)
    {
        var command = Command(
            connection,
            _write,
            Array(NpgsqlDbType.Text, states, state => state.Key.StateName),
            Array(NpgsqlDbType.Text, states, state => state.Key.GrainId),
            Array(NpgsqlDbType.Bigint, states, state => state.Known),
            Array(NpgsqlDbType.Bigint, states, state => state.Unsettled),
            Array(NpgsqlDbType.Bigint, states, state => state.Version),
            Array(NpgsqlDbType.Bigint, states, state => state.Payload is null ? 0 : (long)StateTables.Checksum(state.Key, state.Version, state.Payload)),
            Array(NpgsqlDbType.Bytea, states, state => state.Payload));
        await using (command.ConfigureAwait(false))
        {
            var landed = new HashSet<StateKey>();
            var reader = await command.ExecuteReaderAsync().ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                while (await reader.ReadAsync().ConfigureAwait(false))
                {
                    landed.Add(new StateKey(reader.GetString(0), reader.GetString(1)));
                }
            }

            return landed;
        }
    }

    /// <summary>One state; null when there is none.</summary>
    /// <exception cref="StoreDamagedException">The row fails its checksum.</exception>
    public async Task<StoredState?> ReadAsync(NpgsqlConnection connection, StateKey key, CancellationToken cancellationToken)
    {
        var command = Command(connection, _read, Text(key.StateName), Text(key.GrainId));
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return await reader.ReadAsync(cancellationToken).ConfigureAwait(false) ? Verified(reader, key) : null;
            }
        }
    }

    /// <summary>The states behind a key, in the order of their grain ids, as many as fit a chunk; none at the end.</summary>
    /// <exception cref="StoreDamagedException">A row fails its checksum.</exception>
    public async Task<List<(string GrainId, StoredState State)>> ReadAfterAsync(NpgsqlConnection connection, StateKey key, CancellationToken cancellationToken)
    {
        var command = Command(connection, _readAfter, Text(key.StateName), Text(key.GrainId));
        await using (command.ConfigureAwait(false))
        {
            var chunk = new List<(string, StoredState)>();
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                for (var bytes = 0L; bytes < ChunkBytesMax && await reader.ReadAsync(cancellationToken).ConfigureAwait(false);)
                {
                    var grainId = reader.GetString(3);
                    var state = Verified(reader, key with { GrainId = grainId });
                    bytes += state.Payload.Length;
                    chunk.Add((grainId, state));
                }
            }

            return chunk;
        }
    }

    private StoredState Verified(NpgsqlDataReader row, StateKey key)
    {
        var (version, checksum) = (row.GetInt64(0), (ulong)row.GetInt64(1));
        var payload = row.GetFieldValue<byte[]>(2);
        var found = StateTables.Checksum(key, version, payload);
        return found == checksum
            ? new StoredState(version, payload)
            : throw new StoreDamagedException($"{database.Place}, table state, {key}", $"checksum {checksum:x16}", $"{found:x16}", PostgresRepair.Restore);
    }
}
