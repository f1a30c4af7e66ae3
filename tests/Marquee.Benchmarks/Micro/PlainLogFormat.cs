using System.Text;
using Marquee.Engine.Events;

namespace Marquee.Benchmarks.Micro;

/// <summary>The format of <see cref="LogEntryCodec"/> by the framework's own writer and reader, byte for byte.</summary>
internal static class PlainLogFormat
{
    public static byte[] Encode(IReadOnlyList<LogEntry> entries, long appendedAt)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream, Encoding.UTF8);
        writer.Write((byte)1);
        Signed(writer, appendedAt);
        writer.Write7BitEncodedInt64(entries.Count);
        string? tenant = null;
        foreach (var entry in entries)
        {
            var e = entry.Event ?? throw new NotSupportedException("Erasures are not part of the benchmark.");
            object?[] optional = [e.Value, e.PositionSeconds, e.DurationSeconds, e.SessionId, e.RecommendationId, e.Country, e.Device];
            var flags = entry.Tenant == tenant ? 0 : 2;
            for (var i = 0; i < optional.Length; i++)
            {
                flags |= optional[i] is null ? 0 : 4 << i;
            }

            writer.Write7BitEncodedInt64(flags);
            if (entry.Tenant != tenant)
            {
                writer.Write(tenant = entry.Tenant);
            }

            writer.Write(entry.UserId);
            writer.Write((byte)e.Type);
            Signed(writer, e.OccurredAt);
            writer.Write(e.EventId);
            writer.Write(e.TitleId);
            foreach (var value in optional)
            {
                if (value is double number)
                {
                    writer.Write(number);
                }
                else if (value is string text)
                {
                    writer.Write(text);
                }
            }
        }

        writer.Flush();
        return stream.ToArray();
    }

    public static List<LogEntry> Decode(byte[] payload)
    {
        using var reader = new BinaryReader(new MemoryStream(payload), Encoding.UTF8);
        reader.ReadByte();
        Signed(reader);
        var entries = new List<LogEntry>();
        var tenant = string.Empty;
        for (var left = reader.Read7BitEncodedInt64(); left > 0; left--)
        {
            var flags = reader.Read7BitEncodedInt64();
            tenant = (flags & 2) != 0 ? reader.ReadString() : tenant;
            var user = reader.ReadString();
            var type = (EngagementType)reader.ReadByte();
            var at = Signed(reader);
            entries.Add(new LogEntry(tenant, user, new EngagementEvent
            {
                UserId = user,
                Type = type,
                OccurredAt = at,
                EventId = reader.ReadString(),
                TitleId = reader.ReadString(),
                Value = (flags & 4) != 0 ? reader.ReadDouble() : null,
                PositionSeconds = (flags & 8) != 0 ? reader.ReadDouble() : null,
                DurationSeconds = (flags & 16) != 0 ? reader.ReadDouble() : null,
                SessionId = (flags & 32) != 0 ? reader.ReadString() : null,
                RecommendationId = (flags & 64) != 0 ? reader.ReadString() : null,
                Country = (flags & 128) != 0 ? reader.ReadString() : null,
                Device = (flags & 256) != 0 ? reader.ReadString() : null,
            }));
        }

        return entries;
    }

    private static void Signed(BinaryWriter writer, long value) => writer.Write7BitEncodedInt64((value << 1) ^ (value >> 63));

    private static long Signed(BinaryReader reader)
    {
        var value = (ulong)reader.Read7BitEncodedInt64();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
