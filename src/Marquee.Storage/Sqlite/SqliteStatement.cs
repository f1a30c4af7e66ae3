using System.Text;
using SQLitePCL;

namespace Marquee.Storage.Sqlite;

/// <summary>A prepared statement, reused: bind, step, read, reset. Belongs to one thread at a time.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _handle;
    private readonly sqlite3_stmt _statement;
    private readonly string _sql;

    public SqliteStatement(sqlite3 handle, string sql)
    {
        _handle = handle;
        _sql = sql;
        var code = raw.sqlite3_prepare_v3(handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement);
        if (code != raw.SQLITE_OK)
        {
            throw SqliteFailureException.From(handle, code, $"prepare `{sql}`");
        }
    }

    /// <summary>Binds an integer to the parameter at <paramref name="index"/>, from 1.</summary>
    public void Bind(int index, long value) => Check(raw.sqlite3_bind_int64(_statement, index, value));

    /// <summary>Binds a blob; the bytes are copied.</summary>
    public void Bind(int index, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, index, value));

    /// <summary>Binds a text; the characters are copied.</summary>
    public void Bind(int index, string value)
    {
        const int StackBytesMax = 512;
        if (Encoding.UTF8.GetMaxByteCount(value.Length) > StackBytesMax)
        {
            Check(raw.sqlite3_bind_text(_statement, index, Encoding.UTF8.GetBytes(value)));
            return;
        }

        Span<byte> bytes = stackalloc byte[StackBytesMax];
        Check(raw.sqlite3_bind_text(_statement, index, bytes[..Encoding.UTF8.GetBytes(value, bytes)]));
    }

    /// <summary>Runs to the next row.</summary>
    /// <returns>False when there is none; the statement is then reset.</returns>
    /// <exception cref="SqliteFailureException">SQLite reports an error; the statement is then reset.</exception>
    public bool Step()
    {
        var code = raw.sqlite3_step(_statement);
        switch (code)
        {
            case raw.SQLITE_ROW:
                return true;
            case raw.SQLITE_DONE:
                Reset();
                return false;
            default:
                var failure = SqliteFailureException.From(_handle, code, $"run `{_sql}`");
                Reset();
                throw failure;
        }
    }

    /// <summary>Runs a statement that returns no rows.</summary>
    public void Run()
    {
        while (Step())
        {
        }
    }

    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>The integer in the column at <paramref name="column"/>, from 0.</summary>
    public long Int64(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    /// <summary>The column's bytes; valid until the next step or reset.</summary>
    public ReadOnlySpan<byte> Blob(int column) => raw.sqlite3_column_blob(_statement, column);

    public void Dispose() => _statement.Dispose();

    private void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw SqliteFailureException.From(_handle, code, $"bind to `{_sql}`");
        }
    }
}
