using Marquee.Storage.Events;
using SQLitePCL;

namespace Marquee.Storage.Sqlite;

/// <summary>SQLite answered a call with an error code. Never leaves this project: callers see outcomes or store exceptions.</summary>
internal sealed class SqliteFailureException(int code, string message, string action)
    : Exception($"SQLite failed to {action}: {message} (code {code})")
{
    /// <summary>The extended result code.</summary>
    public int Code { get; } = code;

    /// <summary>The store has no room; the transaction that met it wrote nothing.</summary>
    public bool IsFull => (Code & 0xFF) == raw.SQLITE_FULL;

    /// <summary>The file's bytes are not those of an intact database.</summary>
    public bool IsDamage => (Code & 0xFF) is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_FORMAT;

    /// <summary>Creates the exception from the connection's last error.</summary>
    public static SqliteFailureException From(sqlite3 handle, int code, string action)
        => new(code, raw.sqlite3_errmsg(handle).utf8_to_string(), action);

    /// <summary>The exception that the store's caller sees.</summary>
    /// <param name="path">The database file.</param>
    public Exception ToStoreException(string path) => IsDamage
        ? new StoreDamagedException(path, "an intact database", Message, RepairAdvice.Restore)
        : new StoreUnavailableException(IsFull
            ? $"No room to write {path}. Free space on its disk; the store goes on by itself."
            : $"{Message}, file {path}. The store reopens the file and tries again at the next call.", this);
}
