using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Events;

/// <summary>The tables of <c>log.db</c> and the checksums of their rows.</summary>
internal static class LogTables
{
    /// <summary>"MQLG", in the header of the file.</summary>
    public const int ApplicationId = 0x4D514C47;

    /// <summary>One row per partition: who owns it, what is retained.</summary>
    private const string Partition =
        "CREATE TABLE partition (partition TEXT PRIMARY KEY, epoch INTEGER NOT NULL, first_offset INTEGER NOT NULL, next_offset INTEGER NOT NULL, checksum INTEGER NOT NULL) WITHOUT ROWID";

    /// <summary>One row per appended batch. The payload comes last, so that the other columns are read without it.</summary>
    private const string Batch =
        "CREATE TABLE batch (partition TEXT, first_offset INTEGER, count INTEGER NOT NULL, epoch INTEGER NOT NULL, checksum INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (partition, first_offset)) WITHOUT ROWID";

    public static readonly StoreLayout[] Layouts = [new(1, [Partition, Batch], [])];

    /// <summary>XXH3-64 of the payload, seeded with that of where it belongs: a batch at the wrong place fails as well.</summary>
    public static ulong BatchChecksum(string partition, long firstOffset, int count, long epoch, ReadOnlySpan<byte> payload)
        => XxHash3.HashToUInt64(payload, (long)Checksum(partition, firstOffset, count, epoch));

    public static ulong PartitionChecksum(string partition, PartitionRow row)
        => Checksum(partition, row.Epoch, row.FirstOffset, row.NextOffset);

    private static ulong Checksum(string partition, long first, long second, long third)
    {
        Span<byte> bytes = stackalloc byte[24 + (3 * LogPartition.NameLengthMax)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, first);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], second);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], third);
        return XxHash3.HashToUInt64(bytes[..(24 + Encoding.UTF8.GetBytes(partition, bytes[24..]))]);
    }
}

/// <summary>What the log knows of one partition.</summary>
/// <param name="Epoch">The newest owner's epoch.</param>
/// <param name="FirstOffset">The first event of the oldest retained batch.</param>
/// <param name="NextOffset">Invariant: FirstOffset ≤ NextOffset, and the retained batches fill the range without gap or overlap.</param>
internal readonly record struct PartitionRow(long Epoch, long FirstOffset, long NextOffset);
