using System.Globalization;
using Marquee.Storage.Sqlite;
using Orleans.Storage;

namespace Marquee.Storage.Snapshots;

/// <summary>The statements of the snapshots' writer. Each method runs inside the writer's open transaction.</summary>
internal sealed class StateSession
{
    private readonly StoreConnection _connection;
    private readonly SqliteStatement _current;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _update;
    private readonly SqliteStatement _delete;

    public StateSession(StoreConnection connection)
    {
        _connection = connection;
        var database = connection.Database;
        _current = database.Prepare("SELECT version, checksum FROM state WHERE state_name = ?1 AND grain_id = ?2");
        _insert = database.Prepare("INSERT INTO state (version, checksum, payload, state_name, grain_id) VALUES (?1, ?2, ?3, ?4, ?5)");
        _update = database.Prepare("UPDATE state SET version = ?1, checksum = ?2, payload = ?3 WHERE state_name = ?4 AND grain_id = ?5");
        _delete = database.Prepare("DELETE FROM state WHERE state_name = ?1 AND grain_id = ?2");
    }

    /// <summary>Writes a state whose stored version is the one that the writer knows.</summary>
    /// <returns>The new ETag.</returns>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared it since.</exception>
    public string Write(StateKey key, string? etag, ReadOnlySpan<byte> payload)
    {
        var old = Current(key, etag);
        var version = _connection.Ledger.NextSequence;
        var checksum = StateTables.Checksum(key, version, payload);
        var statement = old is null ? _insert : _update;
        statement.Bind(1, version);
        statement.Bind(2, (long)checksum);
        statement.Bind(3, payload);
        statement.Bind(4, key.StateName);
        statement.Bind(5, key.GrainId);
        statement.Run();
        _connection.Ledger.Replace(old ?? 0, checksum);
        return ETag(version);
    }

    /// <summary>Deletes a state whose stored version is the one that the writer knows; nothing when there is none and the writer knows of none.</summary>
    /// <exception cref="InconsistentStateException">Another writer has written or cleared it since.</exception>
    public void Clear(StateKey key, string? etag)
    {
        if (Current(key, etag) is { } checksum)
        {
            _delete.Bind(1, key.StateName);
            _delete.Bind(2, key.GrainId);
            _delete.Run();
            _connection.Erases();
            _connection.Ledger.Replace(checksum, 0);
        }
    }

    public static string ETag(long version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>The stored row's checksum, null when there is no row.</summary>
    private ulong? Current(StateKey key, string? etag)
    {
        _current.Bind(1, key.StateName);
        _current.Bind(2, key.GrainId);
        string? stored = null;
        ulong? checksum = null;
        if (_current.Step())
        {
            (stored, checksum) = (ETag(_current.Int64(0)), (ulong)_current.Int64(1));
            _current.Reset();
        }

        return string.Equals(stored, etag, StringComparison.Ordinal)
            ? checksum
            : throw new InconsistentStateException($"Another writer changed {key}.", stored ?? "none", etag ?? "none");
    }
}
