using System.Collections.Concurrent;
using Marquee.Storage.Events;

namespace Marquee.Storage.Sqlite;

/// <summary>The one thread that writes a store file. While a commit is in flight, the next transaction's requests gather.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A transaction takes what is queued, up to a bound; a request that is refused by itself leaves the others alone.</item>
/// <item>Requests are answered only after the commit returned and the witness was written.</item>
/// <item>Full disk: rolled back, all of the transaction told so, the connection goes on.</item>
/// <item>Any other failure (a failed sync above all): outcome unknown for all of the transaction. The kernel may have dropped
/// pages that it calls clean, so the file is closed, with all its readers, and recovered from its log before the next request.</item>
/// </list>
/// </remarks>
internal sealed class GroupCommitWriter<TSession> : IAsyncDisposable
    where TSession : class
{
    private const int TransactionRequestsMax = 1_024;
    private const int TransactionBytesMax = 8 << 20;

    private readonly StoreFile _file;
    private readonly Func<StoreConnection, TSession> _openSession;
    private readonly Action _connectionLost;
    private readonly SemaphoreSlim _room;
    private readonly BlockingCollection<WriteRequest<TSession>> _queue = [];
    private readonly List<WriteRequest<TSession>> _transaction = [];
    private readonly Thread _thread;
    private StoreConnection? _connection;
    private TSession? _session;

    /// <summary>Opens the file and starts the thread.</summary>
    /// <param name="file">The file to write.</param>
    /// <param name="openSession">Prepares the statements on a new connection.</param>
    /// <param name="connectionLost">Closes every reader; called on the writer's thread.</param>
    /// <param name="requestsMax">How many requests may be queued or running; more wait to be queued.</param>
    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be opened.</exception>
    public GroupCommitWriter(StoreFile file, Func<StoreConnection, TSession> openSession, Action connectionLost, int requestsMax)
    {
        (_file, _openSession, _connectionLost) = (file, openSession, connectionLost);
        _room = new SemaphoreSlim(requestsMax, requestsMax);
        Connect();
        _thread = new Thread(Write) { IsBackground = true, Name = $"write {Path.GetFileName(file.FilePath)}" };
        _thread.Start();
    }

    /// <summary>Queues a request; waits when the queue is full.</summary>
    /// <param name="request">The work.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="OperationCanceledException">Given up before the work was begun; nothing was written.</exception>
    /// <exception cref="ObjectDisposedException">The store is closed; nothing was written.</exception>
    public async Task<TResult> SubmitAsync<TResult>(WriteRequest<TSession, TResult> request, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_queue.IsAddingCompleted, this);
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        request.GiveUpWith(cancellationToken);
        try
        {
            _queue.Add(request, CancellationToken.None);
        }
        catch (InvalidOperationException)
        {
            _room.Release();
            throw new ObjectDisposedException(_file.FilePath, "The store is closed; nothing was written.");
        }

        return await request.Answer.ConfigureAwait(false);
    }

    /// <summary>Writes what is queued, moves the log into the database and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_queue.IsAddingCompleted)
        {
            _queue.CompleteAdding();
        }

        await Task.Run(_thread.Join).ConfigureAwait(false);
    }

    private void Write()
    {
        foreach (var first in _queue.GetConsumingEnumerable())
        {
            WriteTransaction(first);
        }

        try
        {
            _connection?.CheckpointForGood();
        }
        catch (SqliteFailureException)
        {
            // Nothing is lost: the log stays beside the database and is read at the next start.
        }

        Disconnect();
    }

    private void WriteTransaction(WriteRequest<TSession> first)
    {
        var taken = 1;
        try
        {
            _transaction.Add(first);
            if (_connection is null)
            {
                Connect();
            }

            RunTransaction(ref taken);
            foreach (var request in _transaction)
            {
                request.Complete();
            }

            _transaction.Clear();
            _connection!.CheckpointWhenDue(isIdle: _queue.Count == 0);
        }
        catch (SqliteFailureException exception) when (exception.IsFull && TryRollBack())
        {
            FailTransaction(new CommitFailure(true, exception.ToStoreException(_file.FilePath)));
        }
        catch (Exception exception)
        {
            // Every kind: whatever went wrong, what is in the file is known only after it was closed and recovered.
            Disconnect();
            _connectionLost();
            FailTransaction(FailureOf(exception));
        }
        finally
        {
            _transaction.Clear();
            _room.Release(taken);
        }
    }

    private void RunTransaction(ref int taken)
    {
        _connection!.Begin();
        var bytes = 0L;
        do
        {
            var request = _transaction[^1];
            if (request.TryRun(_session!))
            {
                bytes += request.Bytes;
            }
            else
            {
                _transaction.RemoveAt(_transaction.Count - 1);
            }
        }
        while (bytes < TransactionBytesMax && TryTake(ref taken));

        if (_transaction.Count == 0)
        {
            _connection.RollBack();
        }
        else
        {
            _connection.Commit();
        }
    }

    private bool TryTake(ref int taken)
    {
        if (taken == TransactionRequestsMax || !_queue.TryTake(out var request))
        {
            return false;
        }

        taken++;
        _transaction.Add(request);
        return true;
    }

    private bool TryRollBack()
    {
        try
        {
            _connection!.RollBack();
            return true;
        }
        catch (SqliteFailureException)
        {
            return false;
        }
    }

    private void FailTransaction(CommitFailure failure)
    {
        foreach (var request in _transaction)
        {
            request.Fail(failure);
        }
    }

    private CommitFailure FailureOf(Exception exception) => exception switch
    {
        SqliteFailureException { IsDamage: true } sqlite => new(false, sqlite.ToStoreException(_file.FilePath)),
        StoreDamagedException => new(false, exception),
        StoreUnavailableException { InnerException: SqliteFailureException { IsFull: true } } => new(true, exception),
        StoreUnavailableException => new(false, exception),
        _ => new(false, new StoreUnavailableException(
            $"Writing {_file.FilePath} failed: {exception.Message}. Whether the write landed is known after the file was recovered, at the next call.", exception)),
    };

    private void Connect()
    {
        _connection = _file.Open();
        _session = _openSession(_connection);
    }

    private void Disconnect()
    {
        _session = null;
        _connection?.Dispose();
        _connection = null;
    }
}
