using System.Collections.Concurrent;
using Marquee.Storage.Events;

namespace Marquee.Storage.Sqlite;

/// <summary>A few reading connections of a store file, each with its statements. Reads run beside the writer, on the thread pool.</summary>
/// <typeparam name="TStatements">The prepared statements of one connection.</typeparam>
internal sealed class ReaderPool<TStatements>(string path, Func<SqliteDatabase, TStatements> prepare, int readersMax) : IDisposable
    where TStatements : class
{
    private readonly SemaphoreSlim _free = new(readersMax, readersMax);
    private readonly ConcurrentBag<(SqliteDatabase Database, TStatements Statements)> _idle = [];

    /// <summary>Runs a short read in one read transaction; a longer one is cut into several by the caller, so that the log can start over.</summary>
    /// <exception cref="StoreDamagedException">SQLite finds the file damaged.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be read now.</exception>
    public async Task<TResult> ReadAsync<TResult>(Func<TStatements, TResult> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => Read(read), cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>Waits for the running reads and closes every connection; later reads open new ones.</summary>
    public void CloseAll()
    {
        for (var i = 0; i < readersMax; i++)
        {
            _free.Wait();
        }

        while (_idle.TryTake(out var reader))
        {
            reader.Database.Dispose();
        }

        _free.Release(readersMax);
    }

    public void Dispose() => CloseAll();

    private TResult Read<TResult>(Func<TStatements, TResult> read)
    {
        SqliteDatabase? database = null;
        try
        {
            if (!_idle.TryTake(out var reader))
            {
                database = SqliteDatabase.OpenReader(path);
                reader = (database, prepare(database));
            }

            database = reader.Database;
            database.Begin();
            var result = read(reader.Statements);
            database.Commit();
            _idle.Add(reader);
            return result;
        }
        catch (Exception exception)
        {
            database?.Dispose();
            if (exception is SqliteFailureException failure)
            {
                throw failure.ToStoreException(path);
            }

            throw;
        }
    }
}
