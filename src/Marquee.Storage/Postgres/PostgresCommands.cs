using Npgsql;
using NpgsqlTypes;

namespace Marquee.Storage.Postgres;

/// <summary>Commands with positional parameters.</summary>
internal static class PostgresCommands
{
    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params NpgsqlParameter[] parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddRange(parameters);
        return command;
    }

    public static NpgsqlParameter<string> Text(string value) => new() { TypedValue = value };

    public static NpgsqlParameter<int> Integer(int value) => new() { TypedValue = value };

    public static NpgsqlParameter<long> Bigint(long value) => new() { TypedValue = value };

    public static NpgsqlParameter<DateTime> Timestamp(DateTime value) =>
        new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = DateTime.SpecifyKind(value, DateTimeKind.Utc) };

    /// <summary>A column of values, one per item.</summary>
    public static NpgsqlParameter<T[]> Array<TItem, T>(NpgsqlDbType type, TItem[] items, Func<TItem, T> select) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, TypedValue = System.Array.ConvertAll(items, item => select(item)) };
}
