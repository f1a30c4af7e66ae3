using System.Buffers.Binary;
using System.IO.Hashing;
using Marquee.Storage.Events;
using Microsoft.Win32.SafeHandles;

namespace Marquee.Storage.Sqlite;

/// <summary>A small file beside a database that holds the number of the newest transaction that was acknowledged.</summary>
/// <remarks>
/// SQLite drops everything behind a bad byte in its write-ahead log without a word. This number, written after each
/// commit and before anybody is told of it, makes such a loss visible: a database that is behind it has lost
/// acknowledged data. It is not synced: after a power cut it may lag behind the database, which is harmless, and it is
/// never ahead of what was durable. One slot of 32 bytes inside one sector, so a write is never torn.
/// </remarks>
internal sealed class AcknowledgedWitness : IDisposable
{
    private const int SlotLength = 32;
    private static readonly byte[] Magic = "MQWITN01"u8.ToArray();

    private readonly SafeFileHandle _file;

    private AcknowledgedWitness(SafeFileHandle file) => _file = file;

    /// <summary>Opens the file for writing; creates it with <paramref name="sequence"/> when it is missing or empty.</summary>
    public static AcknowledgedWitness Open(string path, long sequence)
    {
        var isNew = Read(path) is null;
        var witness = new AcknowledgedWitness(File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read));
        if (isNew)
        {
            witness.Write(sequence);
            RandomAccess.FlushToDisk(witness._file);
        }

        return witness;
    }

    /// <summary>The number in the file; null when there is no file, or an empty one from a start that was cut short.</summary>
    /// <exception cref="StoreDamagedException">The slot is not what was written.</exception>
    public static long? Read(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var slot = File.ReadAllBytes(path);
        if (slot.Length == 0)
        {
            return null;
        }

        if (slot.Length != SlotLength || !slot.AsSpan(0, 8).SequenceEqual(Magic)
            || XxHash3.HashToUInt64(slot.AsSpan(0, 24)) != BinaryPrimitives.ReadUInt64LittleEndian(slot.AsSpan(24)))
        {
            throw new StoreDamagedException(path, $"{SlotLength} bytes with a valid checksum", $"{slot.Length} bytes: {Convert.ToHexString(slot.AsSpan(0, Math.Min(SlotLength, slot.Length)))}",
                "Run `marquee log verify`; when the database itself is intact, delete this file: it is made anew.");
        }

        return BinaryPrimitives.ReadInt64LittleEndian(slot.AsSpan(8));
    }

    /// <summary>Checks a database's newest transaction against the file.</summary>
    /// <exception cref="StoreDamagedException">The database is behind: acknowledged transactions are gone.</exception>
    public static void Check(string path, string databasePath, long sequence)
    {
        if (Read(path) is { } acknowledged && sequence < acknowledged)
        {
            throw new StoreDamagedException(databasePath, $"transaction {acknowledged} (acknowledged, see {Path.GetFileName(path)})", $"transaction {sequence} as the newest",
                "Acknowledged data is missing: the write-ahead log beside the database is damaged, cut short or removed. "
                + $"Restore from a backup. To go on without what is missing, keep a copy of the directory and delete {Path.GetFileName(path)}.");
        }
    }

    /// <summary>Notes that the transaction is about to be acknowledged.</summary>
    /// <exception cref="IOException">The write failed.</exception>
    public void Write(long sequence)
    {
        Span<byte> slot = stackalloc byte[SlotLength];
        Magic.CopyTo(slot);
        BinaryPrimitives.WriteInt64LittleEndian(slot[8..], sequence);
        slot[16..24].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(slot[24..], XxHash3.HashToUInt64(slot[..24]));
        RandomAccess.Write(_file, slot, 0);
    }

    public void Dispose() => _file.Dispose();
}
