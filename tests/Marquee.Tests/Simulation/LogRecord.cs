using System.Buffers.Binary;
using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>One record of the simulated log's file. Every byte is covered by the checksums that the product's stores use.</summary>
/// <param name="Kind">What it says.</param>
/// <param name="Epoch">The owner from here on, or that wrote the batch.</param>
/// <param name="First">The batch's first offset; the oldest retained offset of a base.</param>
/// <param name="Second">The batch's number of events; the next offset of a base.</param>
/// <param name="Payload">The batch's bytes.</param>
internal readonly record struct LogRecord(LogRecordKind Kind, long Epoch, long First, long Second, ReadOnlyMemory<byte> Payload)
{
    private const uint Magic = 0x4D515352;
    private const int HeaderBytes = 41;

    public int Bytes => HeaderBytes + Payload.Length;

    public byte[] Write(LogPartition partition)
    {
        var bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        bytes[4] = (byte)Kind;
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(5), Payload.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(9), Epoch);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(17), First);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(25), Second);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(33), Checksum(partition));
        Payload.Span.CopyTo(bytes.AsSpan(HeaderBytes));
        return bytes;
    }

    /// <summary>Reads the record at the beginning of some bytes; null when there is none that is intact.</summary>
    public static LogRecord? Read(ReadOnlySpan<byte> bytes, LogPartition partition)
    {
        if (bytes.Length < HeaderBytes || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
        {
            return null;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes[5..]);
        if (length < 0 || length > bytes.Length - HeaderBytes)
        {
            return null;
        }

        var record = new LogRecord(
            (LogRecordKind)bytes[4],
            BinaryPrimitives.ReadInt64LittleEndian(bytes[9..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[17..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[25..]),
            bytes.Slice(HeaderBytes, length).ToArray());
        if (record is { Kind: LogRecordKind.Batch, Second: < 0 or > int.MaxValue })
        {
            // The product's checksum of a batch covers a count of 32 bits.
            return null;
        }

        return record.Checksum(partition) == BinaryPrimitives.ReadUInt64LittleEndian(bytes[33..]) ? record : null;
    }

    private ulong Checksum(LogPartition partition) => Kind == LogRecordKind.Batch
        ? LogTables.BatchChecksum(partition.Name, First, (int)Second, Epoch, Payload.Span)
        : LogTables.PartitionChecksum($"{partition.Name} {Kind} {Payload.Length}", new PartitionRow(Epoch, First, Second));
}

/// <summary>What a record says.</summary>
internal enum LogRecordKind : byte
{
    /// <summary>The file begins here: epoch, retained and next offset of what was before.</summary>
    Base = 1,

    /// <summary>Another writer has opened the partition.</summary>
    Claim = 2,

    /// <summary>A batch of events.</summary>
    Batch = 3,
}
