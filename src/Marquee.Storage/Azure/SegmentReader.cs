using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>Reads the batches of one segment. Verifies whatever it returns.</summary>
internal sealed class SegmentReader(PartitionBlobs blobs, SegmentIndex index)
{
    private const int BytesAtOnceMax = LogFrame.FrameBytesMax;

    /// <summary>Reads from the batch on that holds a position, as many as come with so many bytes.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="end">The offset behind its last event; null for the active one, which ends where it ends.</param>
    /// <param name="position">Where to begin.</param>
    /// <param name="bytesWanted">How many bytes to read at first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The batches; null when the segment is gone.</returns>
    /// <exception cref="StoreDamagedException">A batch fails its checksum, or one is missing.</exception>
    public async Task<LogChunk?> ReadAsync(LogSegment segment, long? end, long position, int bytesWanted, CancellationToken cancellationToken)
    {
        var (offset, start) = index.Before(segment, position);
        var batches = new List<StoredBatch>();
        while (true)
        {
            if (await blobs.ReadAsync(segment, start, bytesWanted, cancellationToken).ConfigureAwait(false) is not { } read)
            {
                return null;
            }

            var used = 0;
            while (Next(segment, end, offset, read.Bytes[used..], start + used) is { } batch)
            {
                index.Note(segment, offset, start + used);
                offset += batch.Frame.Count;
                used += batch.Bytes;
                if (offset > position)
                {
                    batches.Add(Verified(segment, batch));
                }
            }

            var isEnd = start + read.Bytes.Length >= read.Length;
            if (isEnd)
            {
                RequireUnfinished(segment, offset, read.Bytes[used..]);
                if (offset < end)
                {
                    throw blobs.Damaged(segment, offset, "a batch that begins there", $"nothing up to the end at {end}");
                }
            }

            if (batches.Count > 0 || isEnd)
            {
                return new LogChunk(batches, Math.Max(offset, position), isEnd || offset == end);
            }

            start += used;
            bytesWanted = used > 0 ? BytesAtOnceMax : Math.Max(2 * bytesWanted, WholeBytes(read.Bytes));
        }
    }

    /// <summary>The batch with which the bytes begin; null when they hold no whole one.</summary>
    private FramedBatch? Next(LogSegment segment, long? end, long offset, ReadOnlyMemory<byte> bytes, long position)
    {
        if (bytes.Length < LogFrame.HeaderBytes || offset == end)
        {
            return null;
        }

        if (LogFrame.Header(bytes.Span) is not { Part: 0 } frame)
        {
            throw blobs.Damaged(segment, offset, $"a batch that begins at byte {position}", "something else");
        }

        if (frame.FirstOffset != offset || frame.Epoch != segment.Epoch)
        {
            throw blobs.Damaged(segment, offset, $"a batch of epoch {segment.Epoch} that begins there", $"one of epoch {frame.Epoch} at {frame.FirstOffset}");
        }

        if (offset + frame.Count > end)
        {
            throw blobs.Damaged(segment, offset, $"at most {end - offset} events", $"{frame.Count}");
        }

        var whole = WholeBytes(frame);
        return whole <= bytes.Length ? new FramedBatch(frame, bytes[..whole], whole) : null;
    }

    private StoredBatch Verified(LogSegment segment, FramedBatch batch)
    {
        var first = batch.Frame;
        var payload = batch.Content.Slice(LogFrame.HeaderBytes, first.PartBytes);
        if (!first.IsLast)
        {
            var joined = new byte[first.BatchBytes];
            for (var (part, rest) = (0, batch.Content); rest.Length > 0; part++)
            {
                if (LogFrame.Header(rest.Span) is not { } frame || frame != first with { Part = part, PartBytes = frame.PartBytes })
                {
                    throw blobs.Damaged(segment, first.FirstOffset, $"part {part} of the batch", "something else");
                }

                rest.Slice(LogFrame.HeaderBytes, frame.PartBytes).CopyTo(joined.AsMemory(frame.PartStart));
                rest = rest[frame.FrameBytes..];
            }

            payload = joined;
        }

        var checksum = LogTables.BatchChecksum(blobs.Partition.Name, first.FirstOffset, first.Count, first.Epoch, payload.Span);
        return checksum == first.Checksum
            ? new StoredBatch(first.Epoch, first.FirstOffset, first.Count, payload)
            : throw blobs.Damaged(segment, first.FirstOffset, $"checksum {first.Checksum:x16}", $"{checksum:x16}");
    }

    /// <summary>Behind the last whole batch there may only be parts of one that was never finished, and so never acknowledged.</summary>
    private void RequireUnfinished(LogSegment segment, long offset, ReadOnlyMemory<byte> rest)
    {
        for (var part = 0; rest.Length > 0; part++)
        {
            if (rest.Length < LogFrame.HeaderBytes || LogFrame.Header(rest.Span) is not { } frame || frame.Part != part || frame.FrameBytes > rest.Length)
            {
                throw blobs.Damaged(segment, offset, "whole batches only", $"{rest.Length} bytes of something else behind them");
            }

            rest = rest[frame.FrameBytes..];
        }
    }

    /// <summary>How many bytes the batch takes with which the bytes begin; nothing when they are too few to tell.</summary>
    private static int WholeBytes(ReadOnlyMemory<byte> bytes) =>
        bytes.Length >= LogFrame.HeaderBytes && LogFrame.Header(bytes.Span) is { } frame ? WholeBytes(frame) : 0;

    private static int WholeBytes(LogFrame first)
    {
        var parts = Math.Max(1, (first.BatchBytes + LogFrame.PartBytesMax - 1) / LogFrame.PartBytesMax);
        return first.BatchBytes + (parts * (LogFrame.HeaderBytes + LogFrame.TrailerBytes));
    }

    private readonly record struct FramedBatch(LogFrame Frame, ReadOnlyMemory<byte> Content, int Bytes);
}
