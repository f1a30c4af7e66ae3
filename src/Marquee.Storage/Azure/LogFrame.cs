using System.Buffers.Binary;
using Marquee.Storage.Events;

namespace Marquee.Storage.Azure;

/// <summary>How a batch lies in an append blob: one frame per append, several in a row for a batch that is larger than one append may be.</summary>
/// <remarks>
/// Little-endian. Header: magic u32, bytes of this part i32, first offset i64, count i32, part i32, epoch i64, bytes of the
/// batch i32, zero i32, checksum of the batch u64. Then the part. Trailer: bytes of the whole frame i32, magic u32, so that
/// the last batch of a blob is found from its end. The checksum is the other stores': it covers the batch's place as well.
/// </remarks>
internal readonly record struct LogFrame(long FirstOffset, int Count, int Part, long Epoch, int PartBytes, int BatchBytes, ulong Checksum)
{
    public const int HeaderBytes = 48;
    public const int TrailerBytes = 8;

    /// <summary>Azure takes at most so many bytes in one append (every API version).</summary>
    public const int FrameBytesMax = 4 << 20;

    public const int PartBytesMax = FrameBytesMax - HeaderBytes - TrailerBytes;

    private const uint HeaderMagic = 0x3142514D; // "MQB1"
    private const uint TrailerMagic = 0x3145514D; // "MQE1"

    /// <summary>Header, part and trailer.</summary>
    public int FrameBytes => HeaderBytes + PartBytes + TrailerBytes;

    /// <summary>Where in the batch the part begins.</summary>
    public int PartStart => Part * PartBytesMax;

    /// <summary>Whether the batch ends with this part.</summary>
    public bool IsLast => PartStart + PartBytes == BatchBytes;

    /// <summary>The frames of a batch, each one append.</summary>
    public static byte[][] Encode(LogPartition partition, long epoch, long firstOffset, LogBatch batch)
    {
        var payload = batch.Payload.Span;
        var checksum = LogTables.BatchChecksum(partition.Name, firstOffset, batch.Count, epoch, payload);
        var frames = new byte[Math.Max(1, (payload.Length + PartBytesMax - 1) / PartBytesMax)][];
        for (var part = 0; part < frames.Length; part++)
        {
            var bytes = payload.Slice(part * PartBytesMax, Math.Min(PartBytesMax, payload.Length - (part * PartBytesMax)));
            frames[part] = new LogFrame(firstOffset, batch.Count, part, epoch, bytes.Length, payload.Length, checksum).ToBytes(bytes);
        }

        return frames;
    }

    /// <summary>Reads a header; null when the bytes are none.</summary>
    /// <param name="bytes">At least <see cref="HeaderBytes"/>.</param>
    public static LogFrame? Header(ReadOnlySpan<byte> bytes)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != HeaderMagic)
        {
            return null;
        }

        var frame = new LogFrame(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[20..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[32..]),
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[40..]));
        var isPossible = frame is { FirstOffset: >= 0, Count: >= 1, Part: >= 0, PartBytes: >= 0 and <= PartBytesMax, BatchBytes: >= 0 }
            && (long)frame.Part * PartBytesMax <= frame.BatchBytes - frame.PartBytes
            && (frame.PartBytes == PartBytesMax || frame.IsLast);
        return isPossible ? frame : null;
    }

    /// <summary>How long the frame is that ends here; null when none does.</summary>
    /// <param name="trailer">Its last <see cref="TrailerBytes"/>.</param>
    public static int? FrameBytesBefore(ReadOnlySpan<byte> trailer)
    {
        var length = BinaryPrimitives.ReadInt32LittleEndian(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == TrailerMagic && length is >= HeaderBytes + TrailerBytes and <= FrameBytesMax ? length : null;
    }

    private byte[] ToBytes(ReadOnlySpan<byte> part)
    {
        var bytes = new byte[FrameBytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, HeaderMagic);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), PartBytes);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), FirstOffset);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Count);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), Part);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(24), Epoch);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(32), BatchBytes);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(40), Checksum);
        part.CopyTo(bytes.AsSpan(HeaderBytes));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderBytes + PartBytes), FrameBytes);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(HeaderBytes + PartBytes + 4), TrailerMagic);
        return bytes;
    }
}
