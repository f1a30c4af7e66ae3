using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>Appends for one epoch of one partition: one request at a time.</summary>
/// <remarks>
/// Each append is conditioned on the segment's tag and length. A later owner seals the segment before it takes the partition
/// over, so an append that lands was made by the owner, and is counted by the next.
/// </remarks>
internal sealed class SegmentWriter
{
    private const int ContentionAttemptsMax = 3;

    private readonly AzureAccount _account;
    private readonly AzureStorageOptions _options;
    private readonly PartitionBlobs _blobs;
    private readonly SegmentIndex _index;
    private readonly SegmentReader _reader;
    private readonly SemaphoreSlim _turn = new(1);

    private LogSegment _segment;
    private AppendBlobClient _blob;
    private ETag _tag;
    private long _position;
    private int _blocks;
    private int _segments = 1;
    private long _nextOffset;

    /// <summary>False while the segment may be sealed, or the head changed, by an attempt of ours whose outcome is open.</summary>
    private bool _isSettled = true;

    /// <summary>Whether a batch was begun and not finished.</summary>
    private bool _isBroken;
    private bool _hasSwept;

    public SegmentWriter(AzureAccount account, AzureStorageOptions options, PartitionBlobs blobs, SegmentIndex index, LogSegment segment, ETag tag)
    {
        (_account, _options, _blobs, _index, _segment, _tag) = (account, options, blobs, index, segment, tag);
        _reader = new SegmentReader(blobs, index);
        _blob = blobs.SegmentBlob(segment.Name);
        _nextOffset = segment.FirstOffset;
    }

    /// <summary>The epoch.</summary>
    public long Epoch => _segment.Epoch;

    /// <inheritdoc cref="IPartitionLog.AppendAsync"/>
    public async Task<AppendOutcome> AppendAsync(long expectedOffset, LogBatch batch, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);

        // Encoding copies: a caller that gives up may use its memory again while the driver still sends.
        var appending = AppendInTurnAsync(expectedOffset, batch.Count, LogFrame.Encode(_blobs.Partition, Epoch, expectedOffset, batch));
        try
        {
            return await appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return AppendOutcome.Unknown;
        }
    }

    /// <inheritdoc cref="IPartitionLog.TruncateAsync"/>
    public async Task<bool> TruncateAsync(long before, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await _blobs.ReadHeadAsync(cancellationToken).ConfigureAwait(false) is not { } known || known.Head.Epoch != Epoch)
            {
                return false;
            }

            var head = known.Head;
            var boundary = await BoundaryAsync(head, before, cancellationToken).ConfigureAwait(false);
            if (boundary > head.FirstOffset)
            {
                // What is let go of lies in whole blobs in the end: the active one is left behind when it holds some of it.
                if (await MoveOnAsync(boundary, newSegment: boundary > head.Active.FirstOffset || !_isSettled).ConfigureAwait(false) is not { } changed)
                {
                    return false;
                }

                (head, _hasSwept) = (changed, false);
            }

            if (!_hasSwept)
            {
                await _blobs.SweepAsync(head, cancellationToken).ConfigureAwait(false);
                _index.Keep(head);
                _hasSwept = true;
            }

            return true;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<AppendOutcome> AppendInTurnAsync(long expectedOffset, int count, byte[][] frames)
    {
        try
        {
            return await WhyNotAsync(expectedOffset, frames).ConfigureAwait(false) ?? await SendAsync(expectedOffset, count, frames).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Makes ready for an append; what to answer when there can be none.</summary>
    private async Task<AppendOutcome?> WhyNotAsync(long expectedOffset, byte[][] frames)
    {
        if (_isBroken)
        {
            return AppendOutcome.Unknown;
        }

        try
        {
            if (expectedOffset != _nextOffset)
            {
                var known = await _blobs.ReadHeadAsync(CancellationToken.None).ConfigureAwait(false);
                return known?.Head.Epoch == Epoch ? throw new UnexpectedOffsetException(_blobs.Partition, _nextOffset, expectedOffset) : AppendOutcome.Fenced;
            }

            var isFull = _blocks > 0 && (_blocks + frames.Length > _options.SegmentBlocksMax || _position >= _options.SegmentBytesMax);
            if ((isFull || !_isSettled) && await MoveOnAsync(before: 0, newSegment: true).ConfigureAwait(false) is null)
            {
                return AppendOutcome.Fenced;
            }

            // An append of unknown outcome may have turned out to be there when the segment was left.
            return expectedOffset == _nextOffset ? null : AppendOutcome.Unknown;
        }
        catch (StoreUnavailableException)
        {
            return AppendOutcome.Unavailable;
        }
    }

    private async Task<AppendOutcome> SendAsync(long offset, int count, byte[][] frames)
    {
        var start = _position;
        foreach (var frame in frames)
        {
            try
            {
                var conditions = new AppendBlobRequestConditions { IfMatch = _tag, IfAppendPositionEqual = _position };
                var appended = (await _blob.AppendBlockAsync(new MemoryStream(frame), new AppendBlobAppendBlockOptions { Conditions = conditions }).ConfigureAwait(false)).Value;
                (_tag, _position, _blocks) = (appended.ETag, _position + frame.Length, appended.BlobCommittedBlockCount);
                _account.NoteAnswer();
            }
            catch (Exception exception) when (AzureFailure.IsExpected(exception))
            {
                _isBroken = _position != start;
                return _isBroken ? AppendOutcome.Unknown : await OutcomeOfAsync(exception).ConfigureAwait(false);
            }
        }

        _index.Note(_segment, offset, start);
        _nextOffset = offset + count;
        return AppendOutcome.Appended;
    }

    private async Task<AppendOutcome> OutcomeOfAsync(Exception exception)
    {
        if (exception is RequestFailedException { ErrorCode: "BlockCountExceedsLimit" })
        {
            _isSettled = false;
            return AppendOutcome.Unavailable;
        }

        if (AzureFailure.IsCondition(exception))
        {
            return await WhyRefusedAsync().ConfigureAwait(false);
        }

        _account.NoteFailure(exception);
        return AzureFailure.IsUnsent(exception) || AzureFailure.IsRefusal(exception) ? AppendOutcome.Unavailable : AppendOutcome.Unknown;
    }

    /// <summary>The segment is not as this writer left it: another took the partition over, or an append of its own landed whose answer was lost.</summary>
    private async Task<AppendOutcome> WhyRefusedAsync()
    {
        try
        {
            var properties = await _blobs.PropertiesAsync(_segment, CancellationToken.None).ConfigureAwait(false);
            if (properties is null)
            {
                return AppendOutcome.Fenced;
            }

            if (properties.ContentLength != _position)
            {
                return AppendOutcome.Unknown;
            }

            var known = await _blobs.ReadHeadAsync(CancellationToken.None).ConfigureAwait(false);
            return properties.IsSealed || known?.Head.Epoch != Epoch ? AppendOutcome.Fenced : AppendOutcome.Unknown;
        }
        catch (StoreUnavailableException)
        {
            return AppendOutcome.Unknown;
        }
    }

    /// <summary>Changes the head: goes on in a new segment, lets go of what lies before an offset at which a batch begins, or both.</summary>
    /// <returns>The new head; null when this writer does not own the partition any more.</returns>
    private async Task<PartitionHead?> MoveOnAsync(long before, bool newSegment)
    {
        for (var attempt = 0; attempt < ContentionAttemptsMax; attempt++)
        {
            if (await _blobs.ReadHeadAsync(CancellationToken.None).ConfigureAwait(false) is not { } known || known.Head.Epoch != Epoch)
            {
                return null;
            }

            var head = known.Head;
            (LogSegment Segment, ETag Tag)? next = null;
            if (newSegment)
            {
                _isSettled = false;
                if (await _blobs.SealAsync(head.Active, CancellationToken.None).ConfigureAwait(false) is not { } end)
                {
                    // Gone: the head that named it has changed, or the next opening finds the damage.
                    continue;
                }

                next = await _blobs.CreateSegmentAsync(Epoch, _segments++, end).ConfigureAwait(false);
                head = head.Then(next.Value.Segment);
            }

            head = head.Without(Math.Max(before, head.FirstOffset));
            if (await _blobs.TryWriteHeadAsync(head, known.Tag).ConfigureAwait(false))
            {
                if (next is { } made)
                {
                    (_segment, _tag, _blob) = (made.Segment, made.Tag, _blobs.SegmentBlob(made.Segment.Name));
                    (_position, _blocks, _nextOffset, _isSettled) = (0, 0, made.Segment.FirstOffset, true);
                }

                return head;
            }
        }

        return null;
    }

    /// <summary>Where the batch begins that holds an offset: what lies before may go.</summary>
    private async Task<long> BoundaryAsync(PartitionHead head, long before, CancellationToken cancellationToken)
    {
        if (before <= head.FirstOffset || before >= _nextOffset)
        {
            return Math.Max(head.FirstOffset, Math.Min(before, _nextOffset));
        }

        var (segment, end) = head.Find(before);
        var chunk = await _reader.ReadAsync(segment, end, before, LogFrame.HeaderBytes, cancellationToken).ConfigureAwait(false);
        return chunk is { Batches: [var batch, ..] } ? batch.FirstOffset : throw _blobs.Damaged(segment, before, "a batch that holds it", "none");
    }
}
