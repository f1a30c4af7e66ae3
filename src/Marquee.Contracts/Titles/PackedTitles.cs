using System.Collections.Immutable;

namespace Marquee.Contracts.Titles;

/// <summary>News of several titles, in a form that costs a call between silos little.</summary>
/// <param name="changes">The news.</param>
[GenerateSerializer, Immutable, Alias("marquee.packed-title-changes")]
public sealed class PackedTitleChanges(ImmutableArray<TitleChangeMessage> changes)
{
    /// <summary>The news.</summary>
    public ImmutableArray<TitleChangeMessage> Changes => changes;

    [Id(0)]
    internal ReadOnlyMemory<byte> Bytes
    {
        get => Packing.Pack(changes, static (writer, changes) => writer.Items(changes, Write));
        set => changes = Packing.Unpack(value, static reader => reader.Items(Read));
    }

    private static void Write(PackedWriter writer, TitleChangeMessage change)
    {
        writer.Write(change.TitleId);
        writer.Items(change.Shares, WriteShare);
    }

    private static TitleChangeMessage Read(PackedReader reader) => new(reader.ReadString(), reader.Items(ReadShare));

    private static void WriteShare(PackedWriter writer, TitleShareMessage share)
    {
        writer.Write7BitEncodedInt(share.Partition);
        writer.Write7BitEncodedInt64(share.Version);
        writer.Write(share.CommittedAt);
        TotalsPacking.Write(writer, share.Totals);
    }

    private static TitleShareMessage ReadShare(PackedReader reader) => new()
    {
        Partition = reader.Read7BitEncodedInt(),
        Version = reader.Read7BitEncodedInt64(),
        CommittedAt = reader.ReadInt64(),
        Totals = TotalsPacking.Read(reader),
    };
}

/// <summary>Rows of several titles, in the same form.</summary>
/// <param name="rows">The rows.</param>
[GenerateSerializer, Immutable, Alias("marquee.packed-title-rows")]
public sealed class PackedTitleRows(ImmutableArray<TitleRowMessage> rows)
{
    /// <summary>The rows.</summary>
    public ImmutableArray<TitleRowMessage> Rows => rows;

    [Id(0)]
    internal ReadOnlyMemory<byte> Bytes
    {
        get => Packing.Pack(rows, static (writer, rows) => writer.Items(rows, Write));
        set => rows = Packing.Unpack(value, static reader => reader.Items(Read));
    }

    private static void Write(PackedWriter writer, TitleRowMessage row)
    {
        writer.Write(row.TitleId);
        TotalsPacking.WriteRow(writer, row);
    }

    private static TitleRowMessage Read(PackedReader reader) => TotalsPacking.ReadRow(reader, reader.ReadString());
}

/// <summary>What several partitions hold of the neighbours of titles, in the same form.</summary>
/// <param name="shares">In the order of the partitions.</param>
[GenerateSerializer, Immutable, Alias("marquee.packed-neighbour-shares")]
public sealed class PackedNeighbourShares(ImmutableArray<NeighbourShareMessage> shares)
{
    /// <summary>In the order of the partitions.</summary>
    public ImmutableArray<NeighbourShareMessage> Shares => shares;

    [Id(0)]
    internal ReadOnlyMemory<byte> Bytes
    {
        get => Packing.Pack(shares, static (writer, shares) => writer.Items(shares, Write));
        set => shares = Packing.Unpack(value, static reader => reader.Items(Read));
    }

    private static void Write(PackedWriter writer, NeighbourShareMessage share)
    {
        writer.Items(share.TitleIds, static (writer, title) => writer.Write(title));
        Write(writer, share.Counts);
        Write(writer, share.Titles);
        Write(writer, share.Transitions);
        Write(writer, share.CoWatches);
    }

    private static NeighbourShareMessage Read(PackedReader reader) => new(
        reader.Items(static reader => reader.ReadString()), ReadNumbers(reader), ReadNumbers(reader), ReadNumbers(reader), ReadNumbers(reader));

    private static void Write(PackedWriter writer, ImmutableArray<int> numbers) => writer.Items(numbers, static (writer, number) => writer.Write7BitEncodedInt(number));

    private static ImmutableArray<int> ReadNumbers(PackedReader reader) => reader.Items(static reader => reader.Read7BitEncodedInt());
}
