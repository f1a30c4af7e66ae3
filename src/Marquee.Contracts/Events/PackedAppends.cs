using System.Collections.Immutable;

namespace Marquee.Contracts.Events;

/// <summary>Appends to several partitions, in a form that costs a call between silos little.</summary>
/// <param name="appends">The appends.</param>
[GenerateSerializer, Immutable, Alias("marquee.packed-appends")]
public sealed class PackedAppends(ImmutableArray<PartitionAppend> appends)
{
    [Flags]
    private enum Fields : ushort
    {
        None = 0,
        Value = 1,
        Position = 2,
        Duration = 4,
        Session = 8,
        Recommendation = 16,
        Country = 32,
        Device = 64,
    }

    /// <summary>The appends.</summary>
    public ImmutableArray<PartitionAppend> Appends => appends;

    [Id(0)]
    internal ReadOnlyMemory<byte> Bytes
    {
        get => Packing.Pack(appends, static (writer, appends) => writer.Items(appends, Write));
        set => appends = Packing.Unpack(value, static reader => reader.Items(Read));
    }

    private static void Write(PackedWriter writer, PartitionAppend append)
    {
        writer.Write7BitEncodedInt(append.Partition);
        writer.Items(append.Events, WriteEvent);
    }

    private static PartitionAppend Read(PackedReader reader) => new(reader.Read7BitEncodedInt(), reader.Items(ReadEvent));

    private static void WriteEvent(PackedWriter writer, EngagementMessage message)
    {
        var fields = (message.Value is null ? Fields.None : Fields.Value)
            | (message.PositionSeconds is null ? Fields.None : Fields.Position)
            | (message.DurationSeconds is null ? Fields.None : Fields.Duration)
            | (message.SessionId is null ? Fields.None : Fields.Session)
            | (message.RecommendationId is null ? Fields.None : Fields.Recommendation)
            | (message.Country is null ? Fields.None : Fields.Country)
            | (message.Device is null ? Fields.None : Fields.Device);
        writer.Write((ushort)fields);
        writer.Write((byte)message.Type);
        writer.Write(message.OccurredAt);
        writer.Write(message.EventId);
        writer.Write(message.UserId);
        writer.Write(message.TitleId);
        Write(writer, message.Value);
        Write(writer, message.PositionSeconds);
        Write(writer, message.DurationSeconds);
        Write(writer, message.SessionId);
        Write(writer, message.RecommendationId);
        Write(writer, message.Country);
        Write(writer, message.Device);
    }

    private static EngagementMessage ReadEvent(PackedReader reader)
    {
        var fields = (Fields)reader.ReadUInt16();
        return new EngagementMessage
        {
            Type = (EngagementType)reader.ReadByte(),
            OccurredAt = reader.ReadInt64(),
            EventId = reader.ReadString(),
            UserId = reader.ReadString(),
            TitleId = reader.ReadString(),
            Value = fields.HasFlag(Fields.Value) ? reader.ReadDouble() : null,
            PositionSeconds = fields.HasFlag(Fields.Position) ? reader.ReadDouble() : null,
            DurationSeconds = fields.HasFlag(Fields.Duration) ? reader.ReadDouble() : null,
            SessionId = fields.HasFlag(Fields.Session) ? reader.ReadString() : null,
            RecommendationId = fields.HasFlag(Fields.Recommendation) ? reader.ReadString() : null,
            Country = fields.HasFlag(Fields.Country) ? reader.ReadString() : null,
            Device = fields.HasFlag(Fields.Device) ? reader.ReadString() : null,
        };
    }

    private static void Write(PackedWriter writer, double? value)
    {
        if (value is { } number)
        {
            writer.Write(number);
        }
    }

    private static void Write(PackedWriter writer, string? value)
    {
        if (value is not null)
        {
            writer.Write(value);
        }
    }
}

/// <summary>What became of several appends, in the same form.</summary>
/// <param name="results">In the order of the appends.</param>
[GenerateSerializer, Immutable, Alias("marquee.packed-append-results")]
public sealed class PackedAppendResults(ImmutableArray<AppendResult> results)
{
    /// <summary>In the order of the appends.</summary>
    public ImmutableArray<AppendResult> Results => results;

    [Id(0)]
    internal ReadOnlyMemory<byte> Bytes
    {
        get => Packing.Pack(results, static (writer, results) => writer.Items(results, Write));
        set => results = Packing.Unpack(value, static reader => reader.Items(Read));
    }

    private static void Write(PackedWriter writer, AppendResult result)
    {
        writer.Write((byte)result.Outcome);
        writer.Write7BitEncodedInt(result.Accepted);
        writer.Write7BitEncodedInt(result.Duplicates);
        writer.Write7BitEncodedInt(result.Position.Partition);
        writer.Write7BitEncodedInt64(result.Position.Epoch);
        writer.Write7BitEncodedInt64(result.Position.Offset);
        writer.Optional(result.Reason);
        writer.Items(result.RefusedTitles, static (writer, index) => writer.Write7BitEncodedInt(index));
    }

    private static AppendResult Read(PackedReader reader) => new(
        (AppendOutcome)reader.ReadByte(),
        reader.Read7BitEncodedInt(),
        reader.Read7BitEncodedInt(),
        new LogPosition(reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt64(), reader.Read7BitEncodedInt64()),
        reader.Optional(),
        reader.Items(static reader => reader.Read7BitEncodedInt()));
}
