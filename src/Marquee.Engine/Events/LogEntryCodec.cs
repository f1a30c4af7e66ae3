using System.Buffers;
using System.Numerics;

namespace Marquee.Engine.Events;

/// <summary>The bytes of one batch of log entries, as a partition's log stores them.</summary>
/// <remarks>
/// Version 1: a version byte, the wall clock of the append (milliseconds since the Unix epoch), the number of entries,
/// then per entry a set of flags, the tenant if it differs from the entry before, the user, and the event's fields that
/// the flags announce. Old versions stay readable for ever.
/// </remarks>
public static class LogEntryCodec
{
    private const byte Version = 1;

    [Flags]
    private enum Fields : ushort
    {
        None = 0,
        Erasure = 1,
        Tenant = 2,
        Value = 4,
        Position = 8,
        Duration = 16,
        Session = 32,
        Recommendation = 64,
        Country = 128,
        Device = 256,
    }

    /// <summary>Encodes a batch.</summary>
    /// <param name="entries">At least one, in offset order.</param>
    /// <param name="appendedAt">Wall clock of the append, milliseconds since the Unix epoch.</param>
    /// <param name="output">Receives the bytes.</param>
    public static void Encode(IReadOnlyList<LogEntry> entries, long appendedAt, IBufferWriter<byte> output)
    {
        var writer = new BinaryFormatWriter(output);
        writer.Byte(Version);
        writer.Signed(appendedAt);
        writer.Unsigned((ulong)entries.Count);
        string? tenant = null;
        for (var i = 0; i < entries.Count; i++)
        {
            EncodeEntry(ref writer, entries[i], ref tenant);
        }
    }

    /// <summary>Decodes a batch.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a batch of a known version.</exception>
    public static DecodedBatch Decode(ReadOnlySpan<byte> payload)
    {
        var reader = new BinaryFormatReader(payload);
        var appendedAt = DecodeHead(ref reader, out var count);
        var entries = new LogEntry[count];
        var tenant = string.Empty;
        for (var i = 0; i < entries.Length; i++)
        {
            entries[i] = DecodeEntry(ref reader, ref tenant);
        }

        return reader.AtEnd
            ? new DecodedBatch(appendedAt, entries)
            : throw new InvalidDataException($"{reader.Remaining} bytes follow the last entry of the batch.");
    }

    /// <summary>Decodes single entries of a batch. Allocates nothing for those between them, and reads nothing behind the last of them.</summary>
    /// <param name="payload">The batch.</param>
    /// <param name="wanted">Which, as indices of entries, rising.</param>
    /// <returns>The entries in the order of <paramref name="wanted"/>.</returns>
    /// <exception cref="InvalidDataException">The bytes are not a batch of a known version.</exception>
    /// <exception cref="ArgumentException">The indices do not rise, or are not those of entries.</exception>
    public static LogEntry[] DecodeSome(ReadOnlySpan<byte> payload, ReadOnlySpan<int> wanted)
    {
        var reader = new BinaryFormatReader(payload);
        DecodeHead(ref reader, out var count);
        var entries = new LogEntry[wanted.Length];
        var tenant = string.Empty;
        var at = 0;
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] < at || wanted[i] >= count)
            {
                throw new ArgumentException($"Entry {wanted[i]} is wanted of {count} where the next one is {at}.", nameof(wanted));
            }

            for (; at < wanted[i]; at++)
            {
                SkipEntry(ref reader, ref tenant);
            }

            entries[i] = DecodeEntry(ref reader, ref tenant);
            at++;
        }

        return entries;
    }

    private static long DecodeHead(ref BinaryFormatReader reader, out int count)
    {
        var version = reader.Byte();
        if (version != Version)
        {
            throw new InvalidDataException($"A batch of version {version}; this program reads version {Version}.");
        }

        var appendedAt = reader.Signed();
        count = reader.Count(reader.Remaining);
        return appendedAt;
    }

    private static void EncodeEntry(ref BinaryFormatWriter writer, in LogEntry entry, ref string? tenant)
    {
        var e = entry.Event;
        var fields = (entry.Tenant == tenant ? Fields.None : Fields.Tenant)
            | (e is null ? Fields.Erasure : Fields.None)
            | (e?.Value is null ? Fields.None : Fields.Value)
            | (e?.PositionSeconds is null ? Fields.None : Fields.Position)
            | (e?.DurationSeconds is null ? Fields.None : Fields.Duration)
            | (e?.SessionId is null ? Fields.None : Fields.Session)
            | (e?.RecommendationId is null ? Fields.None : Fields.Recommendation)
            | (e?.Country is null ? Fields.None : Fields.Country)
            | (e?.Device is null ? Fields.None : Fields.Device);
        writer.Unsigned((ulong)fields);
        if (fields.HasFlag(Fields.Tenant))
        {
            writer.Text(tenant = entry.Tenant);
        }

        writer.Text(entry.UserId);
        if (e is null)
        {
            return;
        }

        writer.Byte((byte)e.Type);
        writer.Signed(e.OccurredAt);
        writer.Text(e.EventId);
        writer.Text(e.TitleId);
        Number(ref writer, e.Value);
        Number(ref writer, e.PositionSeconds);
        Number(ref writer, e.DurationSeconds);
        Optional(ref writer, e.SessionId);
        Optional(ref writer, e.RecommendationId);
        Optional(ref writer, e.Country);
        Optional(ref writer, e.Device);
    }

    private static LogEntry DecodeEntry(ref BinaryFormatReader reader, ref string tenant)
    {
        var fields = (Fields)reader.Unsigned();
        if (fields.HasFlag(Fields.Tenant))
        {
            tenant = reader.Text();
        }

        var userId = reader.Text();
        if (fields.HasFlag(Fields.Erasure))
        {
            return new LogEntry(tenant, userId, null);
        }

        var type = (EngagementType)reader.Byte();
        var occurredAt = reader.Signed();
        return new LogEntry(tenant, userId, new EngagementEvent
        {
            UserId = userId,
            Type = type,
            OccurredAt = occurredAt,
            EventId = reader.Text(),
            TitleId = reader.Text(),
            Value = fields.HasFlag(Fields.Value) ? reader.Double() : null,
            PositionSeconds = fields.HasFlag(Fields.Position) ? reader.Double() : null,
            DurationSeconds = fields.HasFlag(Fields.Duration) ? reader.Double() : null,
            SessionId = fields.HasFlag(Fields.Session) ? reader.Text() : null,
            RecommendationId = fields.HasFlag(Fields.Recommendation) ? reader.Text() : null,
            Country = fields.HasFlag(Fields.Country) ? reader.Text() : null,
            Device = fields.HasFlag(Fields.Device) ? reader.Text() : null,
        });
    }

    private static void SkipEntry(ref BinaryFormatReader reader, ref string tenant)
    {
        var fields = (Fields)reader.Unsigned();
        if (fields.HasFlag(Fields.Tenant))
        {
            tenant = reader.Text();
        }

        reader.Bytes();
        if (fields.HasFlag(Fields.Erasure))
        {
            return;
        }

        reader.Byte();
        reader.Signed();
        reader.Bytes();
        reader.Bytes();
        for (var numbers = BitOperations.PopCount((uint)(fields & (Fields.Value | Fields.Position | Fields.Duration))); numbers > 0; numbers--)
        {
            reader.Double();
        }

        for (var texts = BitOperations.PopCount((uint)(fields & (Fields.Session | Fields.Recommendation | Fields.Country | Fields.Device))); texts > 0; texts--)
        {
            reader.Bytes();
        }
    }

    private static void Number(ref BinaryFormatWriter writer, double? value)
    {
        if (value is { } number)
        {
            writer.Double(number);
        }
    }

    private static void Optional(ref BinaryFormatWriter writer, string? value)
    {
        if (value is not null)
        {
            writer.Text(value);
        }
    }
}

/// <summary>A decoded batch.</summary>
/// <param name="AppendedAt">Wall clock of the append, milliseconds since the Unix epoch.</param>
/// <param name="Entries">In offset order.</param>
public readonly record struct DecodedBatch(long AppendedAt, IReadOnlyList<LogEntry> Entries);
