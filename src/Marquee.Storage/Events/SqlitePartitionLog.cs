using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Marquee.Storage.Embedded;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Events;

/// <summary>The partition log of one node, in one SQLite file.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>One thread writes for all partitions; what arrives while a commit is in flight shares the next one. Every commit is synced.</item>
/// <item>One row per batch, not per event. Its checksum covers its place, and the partition's row covers the extent.</item>
/// <item>Epoch and expected offset are checked in the transaction that appends.</item>
/// <item>Reads take connections of their own and never wait for the writer.</item>
/// </list>
/// One process at a time: the caller holds the data directory's lock.
/// </remarks>
public sealed class SqlitePartitionLog : IPartitionLog, IAsyncDisposable, IDisposable
{
    /// <summary>The name of the file in the data directory.</summary>
    public const string FileName = "log.db";

    private const int PayloadBytesMax = 64 << 20;
    private const int ReadersMax = 4;

    /// <summary>A read takes one batch first, which is all that a look-up wants, then twice as many each time up to this bound:
    /// a read transaction stays short, so that the write-ahead log can start over.</summary>
    private const int ChunkBatchesMax = 256;
    private const int ChunkBytesMax = 1 << 20;

    private readonly ConcurrentDictionary<LogPartition, bool> _verifiedAtStart = new();
    private readonly ReaderPool<LogReader> _readers;
    private readonly GroupCommitWriter<LogSession> _writer;

    /// <summary>Opens the log, creating it when it is new; checks every row that is retained.</summary>
    /// <param name="directory">The data directory; must exist, and be locked by this process.</param>
    /// <param name="options">Bounds.</param>
    /// <exception cref="StoreDamagedException">The file is not what was written.</exception>
    /// <exception cref="StoreUnavailableException">The file cannot be opened now.</exception>
    public SqlitePartitionLog(string directory, SqliteStorageOptions options)
    {
        var file = FileOf(directory, options.LogBytesMax);
        StoreInspection.Run(
            file,
            (database, content, report) => LogInspection.Run(database, content, report, visit: null).ForEach(found => _verifiedAtStart[found.Partition] = true),
            finding => throw finding.ToException());
        _readers = new ReaderPool<LogReader>(file.FilePath, database => new LogReader(database), ReadersMax);
        _writer = new GroupCommitWriter<LogSession>(file, connection => new LogSession(connection), _readers.CloseAll, options.QueuedWritesMax);
    }

    /// <inheritdoc/>
    public async ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken)
    {
        partition.Validate();
        if (!_verifiedAtStart.TryRemove(partition, out _))
        {
            await foreach (var _ in ReadAsync(partition, 0, cancellationToken).ConfigureAwait(false))
            {
                // Reading verifies.
            }
        }

        return await _writer.SubmitAsync(new OpenRequest(partition), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        partition.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(expectedOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Count, 1, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Payload.Length, PayloadBytesMax, nameof(batch));
        return new ValueTask<AppendOutcome>(_writer.SubmitAsync(new AppendRequest(partition, epoch, expectedOffset, batch), cancellationToken));
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        partition.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var chunk = new LogChunk([], from, false);
        for (var batchesMax = 1; !chunk.IsEnd; batchesMax = Math.Min(2 * batchesMax, ChunkBatchesMax))
        {
            var (position, isContinuation, most) = (chunk.Next, batchesMax > 1, batchesMax);
            chunk = await _readers.ReadAsync(reader => reader.Read(partition, position, isContinuation, most, ChunkBytesMax), cancellationToken).ConfigureAwait(false);
            foreach (var batch in chunk.Batches)
            {
                yield return batch;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
    {
        partition.Validate();
        TruncationStep step;
        do
        {
            step = await _writer.SubmitAsync(new TruncateRequest(partition, epoch, before), cancellationToken).ConfigureAwait(false);
        }
        while (step == TruncationStep.More);
        return step == TruncationStep.Done;
    }

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync().ConfigureAwait(false);
        _readers.Dispose();
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    /// <summary>The log's file in a data directory.</summary>
    internal static StoreFile FileOf(string directory, long bytesMax = 0)
        => new(Path.Combine(directory, FileName), LogTables.ApplicationId, LogTables.Layouts, bytesMax);
}
