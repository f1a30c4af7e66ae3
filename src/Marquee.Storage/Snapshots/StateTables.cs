using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using Marquee.Storage.Sqlite;

namespace Marquee.Storage.Snapshots;

/// <summary>The table of <c>state.db</c> and the checksums of its rows.</summary>
internal static class StateTables
{
    /// <summary>"MQST", in the header of the file.</summary>
    public const int ApplicationId = 0x4D515354;

    /// <summary>One row per state of a grain. The payload comes last, so that version and checksum are read without it.</summary>
    /// <remarks>
    /// Keys have an index of their own. In a table without row ids they are searched among the rows, and SQLite reads a row
    /// whole to compare its key when it is longer than a quarter of a page: each look-up that came by a model or a
    /// partition's snapshot read its megabytes.
    /// </remarks>
    private const string State =
        "CREATE TABLE state (state_name TEXT NOT NULL, grain_id TEXT NOT NULL, version INTEGER NOT NULL, checksum INTEGER NOT NULL, payload BLOB NOT NULL, UNIQUE (state_name, grain_id))";

    private const string StateWithoutRowIds =
        "CREATE TABLE state (state_name TEXT, grain_id TEXT, version INTEGER NOT NULL, checksum INTEGER NOT NULL, payload BLOB NOT NULL, PRIMARY KEY (state_name, grain_id)) WITHOUT ROWID";

    public static readonly StoreLayout[] Layouts =
    [
        new(1, [StateWithoutRowIds], []),
        new(2, [State],
        [
            "ALTER TABLE state RENAME TO state_1",
            State,
            "INSERT INTO state (state_name, grain_id, version, checksum, payload) SELECT state_name, grain_id, version, checksum, payload FROM state_1",
            "DROP TABLE state_1",
        ]),
    ];

    /// <summary>XXH3-64 of the payload, seeded with that of the key and version: a payload in the wrong row fails as well.</summary>
    public static ulong Checksum(StateKey key, long version, ReadOnlySpan<byte> payload)
    {
        Span<byte> place = stackalloc byte[24];
        BinaryPrimitives.WriteUInt64LittleEndian(place, XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key.StateName)));
        BinaryPrimitives.WriteUInt64LittleEndian(place[8..], XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(key.GrainId)));
        BinaryPrimitives.WriteInt64LittleEndian(place[16..], version);
        return XxHash3.HashToUInt64(payload, (long)XxHash3.HashToUInt64(place));
    }
}

/// <summary>Names one state of one grain.</summary>
internal readonly record struct StateKey(string StateName, string GrainId)
{
    public override string ToString() => $"`{StateName}` of `{GrainId}`";
}

/// <summary>A state as it lies in the store.</summary>
/// <param name="Version">The number of the transaction that wrote it; grows with each write of any row.</param>
/// <param name="Payload">The serialized state, checksum verified.</param>
internal readonly record struct StoredState(long Version, byte[] Payload);
