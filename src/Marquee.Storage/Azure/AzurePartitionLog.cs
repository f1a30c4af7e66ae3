using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>The partition log of a cluster, in append blobs of an Azure storage account.</summary>
/// <remarks>
/// <list type="bullet">
/// <item>A partition is a chain of append blobs, its segments, each with one writer and so one epoch; a small head blob
/// names them. Whoever changes the head compares and swaps it: one owner at a time.</item>
/// <item>To open: seal the active segment, find its end, make a new segment, swap the head. Once it is sealed nothing lands
/// behind that end, whatever the owner before still sends.</item>
/// <item>To append: one request, conditioned on the segment's tag and length. It is sent once; when its answer is lost,
/// the outcome is unknown, and the next opening finds out.</item>
/// <item>To truncate: move the head's first offset, and delete whole segments. The active one is left behind for a new one
/// when it holds some of what goes.</item>
/// <item>A segment is left, too, before it has as many appends as Azure allows.</item>
/// </list>
/// </remarks>
public sealed class AzurePartitionLog(AzureAccount account, AzureStorageOptions options) : IPartitionLog
{
    private const int PayloadBytesMax = 64 << 20;
    private const int OpenAttemptsMax = 64;

    /// <summary>A read takes little first, which is all that a look-up wants, then twice as much each time up to this bound.</summary>
    private const int ChunkBytesMin = 64 << 10;
    private const int ChunkBytesMax = LogFrame.FrameBytesMax;

    private readonly ConcurrentDictionary<LogPartition, PartitionAccess> _partitions = new();

    /// <inheritdoc/>
    public async ValueTask<PartitionOwnership> OpenAsync(LogPartition partition, CancellationToken cancellationToken)
    {
        partition.Validate();
        var access = AccessOf(partition);
        await access.Opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var attempt = 0; attempt < OpenAttemptsMax; attempt++)
            {
                if (await TryOpenAsync(access, cancellationToken).ConfigureAwait(false) is { } owner)
                {
                    return owner;
                }

                // Another node opened it at the same moment: not in step again.
                await Task.Delay(Random.Shared.Next(10 * Math.Min(attempt + 1, 10)), cancellationToken).ConfigureAwait(false);
            }

            throw new StoreUnavailableException($"`{partition}` was opened by other nodes {OpenAttemptsMax} times while this one tried.");
        }
        finally
        {
            access.Opening.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<AppendOutcome> AppendAsync(LogPartition partition, long epoch, long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        partition.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(expectedOffset);
        ArgumentOutOfRangeException.ThrowIfLessThan(batch.Count, 1, nameof(batch));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(batch.Payload.Length, PayloadBytesMax, nameof(batch));
        cancellationToken.ThrowIfCancellationRequested();
        return AccessOf(partition).Writer is { } writer && writer.Epoch == epoch
            ? await writer.AppendAsync(expectedOffset, batch, cancellationToken).ConfigureAwait(false)
            : AppendOutcome.Fenced;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredBatch> ReadAsync(LogPartition partition, long from, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        partition.Validate();
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        var access = AccessOf(partition);
        var reader = new SegmentReader(access.Blobs, access.Index);
        var position = from;
        var bytesWanted = ChunkBytesMin;
        string? missing = null;
        while (await access.Blobs.ReadHeadAsync(cancellationToken).ConfigureAwait(false) is { Head: var head })
        {
            // Read anew before each chunk: what was truncated meanwhile is not served.
            if (position < head.FirstOffset)
            {
                position = bytesWanted == ChunkBytesMin ? head.FirstOffset : throw new LogTruncatedException(partition, position, head.FirstOffset);
            }

            var (segment, end) = head.Find(position);
            if (await reader.ReadAsync(segment, end, position, bytesWanted, cancellationToken).ConfigureAwait(false) is not { } chunk)
            {
                // Deleted between the two requests; then the next head does not name it.
                missing = missing != segment.Name ? segment.Name : throw access.Blobs.Missing(segment);
                continue;
            }

            foreach (var batch in chunk.Batches)
            {
                yield return batch;
            }

            if (chunk.IsEnd && end is null)
            {
                yield break;
            }

            position = chunk.Next;
            bytesWanted = Math.Min(2 * bytesWanted, ChunkBytesMax);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> TruncateAsync(LogPartition partition, long epoch, long before, CancellationToken cancellationToken)
    {
        partition.Validate();
        return AccessOf(partition).Writer is { } writer && writer.Epoch == epoch && await writer.TruncateAsync(before, cancellationToken).ConfigureAwait(false);
    }

    private async Task<PartitionOwnership?> TryOpenAsync(PartitionAccess access, CancellationToken cancellationToken)
    {
        var known = await access.Blobs.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
        var sealing = known is null ? 0 : await access.Blobs.SealAsync(known.Head.Active, cancellationToken).ConfigureAwait(false);
        if (sealing is not { } end)
        {
            // Deleted between the two requests; then the head has changed since.
            var now = await access.Blobs.ReadHeadAsync(cancellationToken).ConfigureAwait(false);
            return now?.Tag != known?.Tag ? null : throw access.Blobs.Missing(known!.Head.Active);
        }

        var epoch = 1 + (known?.Head.Epoch ?? 0);
        var (segment, tag) = await access.Blobs.CreateSegmentAsync(epoch, number: 0, end).ConfigureAwait(false);
        var head = known?.Head.Then(segment) ?? new PartitionHead(epoch, 0, [segment]);
        if (!await access.Blobs.TryWriteHeadAsync(head, known?.Tag).ConfigureAwait(false))
        {
            return null;
        }

        access.Index.Keep(head);
        access.Writer = new SegmentWriter(account, options, access.Blobs, access.Index, segment, tag);
        return new PartitionOwnership(epoch, head.FirstOffset, end);
    }

    private PartitionAccess AccessOf(LogPartition partition) =>
        _partitions.GetOrAdd(partition, static (partition, account) => new PartitionAccess(new PartitionBlobs(account, partition)), account);

    private sealed class PartitionAccess(PartitionBlobs blobs)
    {
        private volatile SegmentWriter? _writer;

        public PartitionBlobs Blobs { get; } = blobs;

        public SegmentIndex Index { get; } = new();

        /// <summary>One opening of this process at a time.</summary>
        public SemaphoreSlim Opening { get; } = new(1);

        /// <summary>The writer of the newest epoch that this process opened.</summary>
        public SegmentWriter? Writer
        {
            get => _writer;
            set => _writer = value;
        }
    }
}
