using System.Buffers.Binary;
using System.IO.Hashing;
using Marquee.Storage.Events;

namespace Marquee.Storage.Sqlite;

/// <summary>The one row that every transaction rewrites: how many transactions committed, and the sum of the checksums of the rows they left.</summary>
/// <remarks>
/// A row's own checksum shows that the row is what somebody wrote, not that it is the newest version or that no other
/// row is missing. The sum (of 64-bit row checksums, modulo 2^64, so the order does not matter) shows both. The sequence
/// is compared with the <see cref="AcknowledgedWitness"/>, which lies outside the database.
/// </remarks>
internal sealed class CommitLedger
{
    public const string Schema =
        "CREATE TABLE ledger (id INTEGER PRIMARY KEY CHECK (id = 1), sequence INTEGER NOT NULL, content INTEGER NOT NULL, checksum INTEGER NOT NULL)";

    private readonly SqliteStatement _write;
    private ulong _contentCommitted;

    public CommitLedger(SqliteDatabase database)
    {
        (Sequence, _contentCommitted) = Read(database);
        Content = _contentCommitted;
        _write = database.Prepare("UPDATE ledger SET sequence = ?1, content = ?2, checksum = ?3 WHERE id = 1");
    }

    /// <summary>The number of the newest committed transaction, from 0.</summary>
    public long Sequence { get; private set; }

    /// <summary>The number that the open transaction gets when it commits.</summary>
    public long NextSequence => Sequence + 1;

    /// <summary>The sum of the checksums of all rows, the open transaction's included.</summary>
    public ulong Content { get; private set; }

    /// <summary>Reads and verifies the row.</summary>
    /// <exception cref="StoreDamagedException">The row is missing or fails its checksum.</exception>
    public static (long Sequence, ulong Content) Read(SqliteDatabase database)
    {
        using var select = new SqliteStatement(database.Handle, "SELECT sequence, content, checksum FROM ledger WHERE id = 1");
        if (!select.Step())
        {
            throw Damaged(database, "one row", "none");
        }

        var (sequence, content, checksum) = (select.Int64(0), (ulong)select.Int64(1), (ulong)select.Int64(2));
        return Checksum(sequence, content) == checksum
            ? (sequence, content)
            : throw Damaged(database, $"checksum {Checksum(sequence, content):x16}", $"{checksum:x16}");
    }

    /// <summary>Creates the row of a new database.</summary>
    public static void Create(SqliteDatabase database)
        => database.Execute($"INSERT INTO ledger VALUES (1, 0, 0, {(long)Checksum(0, 0)})");

    /// <summary>Notes that the open transaction replaces a row; 0 stands for no row.</summary>
    public void Replace(ulong oldChecksum, ulong newChecksum) => Content = unchecked(Content - oldChecksum + newChecksum);

    /// <summary>Writes the row; the open transaction's last statement.</summary>
    public void Write()
    {
        _write.Bind(1, NextSequence);
        _write.Bind(2, (long)Content);
        _write.Bind(3, (long)Checksum(NextSequence, Content));
        _write.Run();
    }

    /// <summary>The transaction committed.</summary>
    public void Committed()
    {
        Sequence++;
        _contentCommitted = Content;
    }

    /// <summary>The transaction was rolled back.</summary>
    public void RolledBack() => Content = _contentCommitted;

    private static ulong Checksum(long sequence, ulong content)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, sequence);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], content);
        return XxHash3.HashToUInt64(bytes);
    }

    private static StoreDamagedException Damaged(SqliteDatabase database, string expected, string found)
        => new($"{database.Path}, table ledger", expected, found, RepairAdvice.Restore);
}
