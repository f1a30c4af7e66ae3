using Marquee.Storage.Events;
using Npgsql;

namespace Marquee.Storage.Postgres;

/// <summary>What PostgreSQL's failures say about what was written. Nothing of the connection string gets into a message but host, port and database.</summary>
internal static class PostgresFailure
{
    /// <summary>A failure of the server or of the way to it, which may pass.</summary>
    public static bool IsExpected(Exception exception) => exception is NpgsqlException or TimeoutException or IOException or System.Net.Sockets.SocketException;

    /// <summary>Whether the server itself said that the statement did nothing.</summary>
    /// <remarks>
    /// The classes 57P (the server goes away) and 08 (the connection does) are no such word: a commit may have happened
    /// before the connection was closed. Nor is what ends more than the statement: a server that finds no room for its
    /// write-ahead log panics with the code of a full disk, and the commit may be in the part that it had written. A time-out
    /// of ours is none either.
    /// </remarks>
    public static bool IsRefusal(Exception exception) =>
        exception is PostgresException { InvariantSeverity: "ERROR", SqlState: { } state } && !state.StartsWith("57P", StringComparison.Ordinal) && !state.StartsWith("08", StringComparison.Ordinal);

    /// <summary>The server did nothing for want of room: disk full.</summary>
    public static bool IsFull(Exception exception) => IsRefusal(exception) && exception is PostgresException { SqlState: PostgresErrorCodes.DiskFull };

    /// <summary>Two transactions were in each other's way and this one was rolled back; trying again helps.</summary>
    public static bool IsConflict(Exception exception) =>
        exception is PostgresException { SqlState: PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.LockNotAvailable };

    /// <summary>What the store's caller sees.</summary>
    /// <param name="place">Host, port and database.</param>
    /// <param name="action">What was being done.</param>
    /// <param name="exception">What happened.</param>
    public static StoreUnavailableException ToStoreException(string place, string action, Exception exception) => new(
        IsFull(exception)
            ? $"No room to {action} in {place}. Free space on the server's disk; the store goes on by itself."
            : $"PostgreSQL failed to {action}: {Describe(exception)} ({place}). The store tries again at the next call.",
        exception);

    /// <summary>A failure in a few words.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        PostgresException server => $"{server.MessageText} (code {server.SqlState})",
        { InnerException: { } inner } when inner is not PostgresException => $"{exception.Message}: {inner.Message}",
        _ => exception.Message,
    };
}
