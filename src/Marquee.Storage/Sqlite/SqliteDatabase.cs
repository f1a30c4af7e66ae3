using Marquee.Storage.Events;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Marquee.Storage.Sqlite;

/// <summary>One connection to a database file. Belongs to one thread at a time; never pooled, so closing it closes the file.</summary>
/// <remarks>
/// The write-ahead log is never checkpointed as a side effect of closing: after a failed sync, or when the log turns out
/// to be damaged, that would overwrite the very bytes that tell what happened.
/// </remarks>
internal sealed class SqliteDatabase : IDisposable
{
    private const int LogBytesKeptMax = 32 << 20;
    private const int BusyTimeoutMilliseconds = 5_000;
    private const int DbConfigNoCheckpointOnClose = 1006;
    private const int DbStatusCacheWrite = 9;

    private readonly SqliteConnection _connection;
    private readonly List<SqliteStatement> _statements = [];
    private readonly SqliteStatement _begin;
    private readonly SqliteStatement _beginWrite;
    private readonly SqliteStatement _commit;

    private SqliteDatabase(string path, SqliteOpenMode mode)
    {
        Path = path;
        _connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ToString());
        try
        {
            _connection.Open();
            Handle = _connection.Handle!;
            raw.sqlite3_extended_result_codes(Handle, 1);
            raw.sqlite3_busy_timeout(Handle, BusyTimeoutMilliseconds);
            raw.sqlite3_db_config(Handle, DbConfigNoCheckpointOnClose, 1, out _);
            _begin = Prepare("BEGIN");
            _beginWrite = Prepare("BEGIN IMMEDIATE");
            _commit = Prepare("COMMIT");
        }
        catch (SqliteException exception)
        {
            _connection.Dispose();
            throw new SqliteFailureException(exception.SqliteExtendedErrorCode, exception.Message, $"open {path}");
        }
    }

    public string Path { get; }

    public sqlite3 Handle { get; }

    /// <summary>Pages that this connection has written to the write-ahead log so far.</summary>
    public int PagesWritten
    {
        get
        {
            raw.sqlite3_db_status(Handle, DbStatusCacheWrite, out var pages, out _, 0);
            return pages;
        }
    }

    /// <summary>Whether a transaction is open.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(Handle) == 0;

    /// <summary>Opens the one writing connection; creates the file when it is missing. What it deletes is overwritten with zeros.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="pagesMax">The largest size of the file in pages; 0 for no bound.</param>
    public static SqliteDatabase OpenWriter(string path, long pagesMax)
    {
        var database = new SqliteDatabase(path, SqliteOpenMode.ReadWriteCreate);
        try
        {
            if (database.Query("PRAGMA journal_mode=WAL") is var mode && mode != "wal")
            {
                throw new StoreUnavailableException(
                    $"{path} cannot use a write-ahead log (SQLite answers `{mode}`). Put the data directory on a local file system.");
            }

            database.Execute("PRAGMA synchronous=FULL");
            database.Execute("PRAGMA wal_autocheckpoint=0");
            database.Execute("PRAGMA cache_size=-16000");
            // An erased user is gone from the file too, not only from its index.
            database.Execute("PRAGMA secure_delete=ON");
            database.Execute($"PRAGMA journal_size_limit={LogBytesKeptMax}");
            if (pagesMax > 0)
            {
                database.Execute($"PRAGMA max_page_count={pagesMax}");
            }

            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that reads only; the file must exist.</summary>
    public static SqliteDatabase OpenReader(string path)
    {
        var database = new SqliteDatabase(path, SqliteOpenMode.ReadWrite);
        try
        {
            database.Execute("PRAGMA query_only=ON");
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Begins a read transaction: what is read until <see cref="Commit"/> is of one moment.</summary>
    public void Begin() => _begin.Run();

    /// <summary>Begins a write transaction.</summary>
    public void BeginWrite() => _beginWrite.Run();

    /// <summary>Ends the open transaction; makes a write transaction durable.</summary>
    public void Commit() => _commit.Run();

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    public SqliteStatement Prepare(string sql)
    {
        var statement = new SqliteStatement(Handle, sql);
        _statements.Add(statement);
        return statement;
    }

    public void Execute(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        statement.Run();
    }

    /// <summary>The first column of the first row as text; null when there is no row.</summary>
    public string? Query(string sql)
    {
        using var statement = new SqliteStatement(Handle, sql);
        return statement.Step() ? statement.Text(0) : null;
    }

    /// <summary>Moves the write-ahead log into the database file, as far as readers of older states allow; waits for none of them.</summary>
    /// <param name="mode">One of SQLite's checkpoint modes.</param>
    /// <returns>False when a reader, or a full disk, stood in the way: not all of it moved. Nothing is lost; try again later.</returns>
    /// <exception cref="SqliteFailureException">A write or sync failed.</exception>
    public bool Checkpoint(int mode)
    {
        raw.sqlite3_busy_timeout(Handle, 0);
        var code = raw.sqlite3_wal_checkpoint_v2(Handle, null, mode, out var pages, out var moved);
        raw.sqlite3_busy_timeout(Handle, BusyTimeoutMilliseconds);
        return (code & 0xFF) switch
        {
            raw.SQLITE_OK => pages == moved,
            raw.SQLITE_BUSY or raw.SQLITE_FULL => false,
            _ => throw SqliteFailureException.From(Handle, code, $"checkpoint {Path}"),
        };
    }

    public void Dispose()
    {
        foreach (var statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
