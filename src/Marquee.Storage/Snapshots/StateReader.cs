using Marquee.Storage.Events;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Snapshots;

/// <summary>The reading statements of one connection to the snapshots. Verifies whatever it returns.</summary>
internal sealed class StateReader
{
    /// <summary>Bounds of one chunk: a read transaction stays short, so that the write-ahead log can start over.</summary>
    private const int ChunkRowsMax = 512;
    private const int ChunkBytesMax = 1 << 20;

    private readonly string _path;
    private readonly SqliteStatement _state;
    private readonly SqliteStatement _states;

    public StateReader(SqliteDatabase database)
    {
        _path = database.Path;
        _state = database.Prepare("SELECT version, checksum, payload FROM state WHERE state_name = ?1 AND grain_id = ?2");
        _states = database.Prepare("SELECT version, checksum, payload, grain_id FROM state WHERE state_name = ?1 AND grain_id > ?2 ORDER BY grain_id");
    }

    /// <summary>One state; null when there is none.</summary>
    /// <exception cref="StoreDamagedException">The row fails its checksum.</exception>
    public StoredState? Read(StateKey key)
    {
        _state.Bind(1, key.StateName);
        _state.Bind(2, key.GrainId);
        try
        {
            return _state.Step() ? Verified(_state, key) : null;
        }
        finally
        {
            _state.Reset();
        }
    }

    /// <summary>The states behind a key, in the order of their grain ids, as many as fit a chunk; none at the end.</summary>
    /// <exception cref="StoreDamagedException">A row fails its checksum.</exception>
    public List<(string GrainId, StoredState State)> ReadAfter(StateKey key)
    {
        var chunk = new List<(string, StoredState)>();
        var bytes = 0L;
        _states.Bind(1, key.StateName);
        _states.Bind(2, key.GrainId);
        try
        {
            while (chunk.Count < ChunkRowsMax && bytes < ChunkBytesMax && _states.Step())
            {
                var grainId = _states.Text(3);
                var state = Verified(_states, key with { GrainId = grainId });
                bytes += state.Payload.Length;
                chunk.Add((grainId, state));
            }
        }
        finally
        {
            _states.Reset();
        }

        return chunk;
    }

    private StoredState Verified(SqliteStatement row, StateKey key)
    {
        var (version, checksum) = (row.Int64(0), (ulong)row.Int64(1));
        var payload = row.Blob(2);
        var found = StateTables.Checksum(key, version, payload);
        return found == checksum
            ? new StoredState(version, payload.ToArray())
            : throw new StoreDamagedException($"{_path}, table state, {key}", $"checksum {checksum:x16}", $"{found:x16}", RepairAdvice.Restore);
    }
}
