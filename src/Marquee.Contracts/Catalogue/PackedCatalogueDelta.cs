using System.Collections.Immutable;
using Marquee.Contracts.Titles;

namespace Marquee.Contracts.Catalogue;

/// <summary>The changes since a version, in a form that costs a call between silos little: at every event the neighbours of some twenty titles change, and each replica hears of them.</summary>
/// <param name="delta">The changes.</param>
[GenerateSerializer, Immutable, Alias("marquee.packed-rows")]
public sealed class PackedCatalogueDelta(CatalogueDelta delta)
{
    [Flags]
    private enum Fields : byte
    {
        None = 0,
        Removed = 1,
        Metadata = 2,
        Live = 4,
        Neighbours = 8,
    }

    [NonSerialized]
    private ImmutableArray<TitleMessage> _metadata;

    // One object goes to all replicas that have come equally far: it is packed once.
    [NonSerialized]
    private byte[]? _bytes;

    /// <summary>The changes.</summary>
    public CatalogueDelta Delta => delta;

    /// <summary>Metadata changes seldom and has many fields: it goes as it is, in the order of the rows. Read before <see cref="Bytes"/>.</summary>
    [Id(0)]
    internal ImmutableArray<TitleMessage> Metadata
    {
        get => [.. delta.Rows.Select(row => row.Metadata).OfType<TitleMessage>()];
        set => _metadata = value;
    }

    [Id(1)]
    internal ReadOnlyMemory<byte> Bytes
    {
        get => _bytes ??= Packing.Pack(delta, Write);
        set
        {
            var metadata = new Queue<TitleMessage>(_metadata);
            delta = Packing.Unpack(value, reader => Read(reader, metadata));
        }
    }

    private static void Write(PackedWriter writer, CatalogueDelta delta)
    {
        writer.Write(delta.Version);
        writer.Write(delta.More);
        writer.Write(delta.Incarnation);

        // A title is the neighbour of many: its text goes once. Mostly it is one object, too, and is found without its text.
        var places = new Dictionary<string, int>(ReferenceEqualityComparer.Instance);
        var placesByText = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var row in delta.Rows)
        {
            foreach (var title in row.Neighbours?.Neighbours ?? [])
            {
                if (!places.ContainsKey(title))
                {
                    placesByText.TryAdd(title, placesByText.Count);
                    places.Add(title, placesByText[title]);
                }
            }
        }

        writer.Items([.. placesByText.Keys], static (writer, title) => writer.Write(title));
        writer.Items(delta.Rows, (writer, row) => Write(writer, row, places));
    }

    private static CatalogueDelta Read(PackedReader reader, Queue<TitleMessage> metadata)
    {
        var (version, more, incarnation) = (reader.ReadInt64(), reader.ReadBoolean(), reader.ReadInt64());
        var titles = reader.Items(static reader => reader.ReadString());
        return new CatalogueDelta(version, reader.Items(reader => ReadRow(reader, metadata, titles)), more, incarnation);
    }

    private static void Write(PackedWriter writer, CatalogueRowMessage row, Dictionary<string, int> places)
    {
        var fields = (row.Removed ? Fields.Removed : Fields.None)
            | (row.Metadata is null ? Fields.None : Fields.Metadata)
            | (row.Live is null ? Fields.None : Fields.Live)
            | (row.Neighbours is null ? Fields.None : Fields.Neighbours);
        writer.Write(row.TitleId);
        writer.Write7BitEncodedInt64(row.Version);
        writer.Write((byte)row.Parts);
        writer.Write((byte)fields);
        if (row.Live is { } live)
        {
            TotalsPacking.WriteRow(writer, live);
        }

        if (row.Neighbours is { } neighbours)
        {
            writer.Write7BitEncodedInt(neighbours.Neighbours.Length);
            for (var i = 0; i < neighbours.Neighbours.Length; i++)
            {
                writer.Write7BitEncodedInt(places[neighbours.Neighbours[i]]);
                writer.Write7BitEncodedInt64(neighbours.Transitions[i]);
                writer.Write7BitEncodedInt64(neighbours.CoWatches[i]);
            }
        }
    }

    private static CatalogueRowMessage ReadRow(PackedReader reader, Queue<TitleMessage> metadata, ImmutableArray<string> titles)
    {
        var titleId = reader.ReadString();
        var version = reader.Read7BitEncodedInt64();
        var parts = (CatalogueParts)reader.ReadByte();
        var fields = (Fields)reader.ReadByte();
        return new CatalogueRowMessage
        {
            TitleId = titleId,
            Version = version,
            Parts = parts,
            Removed = fields.HasFlag(Fields.Removed),
            Metadata = !fields.HasFlag(Fields.Metadata) ? null : metadata.TryDequeue(out var title) ? title : throw new InvalidDataException("There is less metadata than rows with metadata."),
            Live = fields.HasFlag(Fields.Live) ? TotalsPacking.ReadRow(reader, titleId) : null,
            Neighbours = fields.HasFlag(Fields.Neighbours) ? ReadNeighbours(reader, titleId, titles) : null,
        };
    }

    private static TitleNeighboursMessage ReadNeighbours(PackedReader reader, string titleId, ImmutableArray<string> titles)
    {
        var count = reader.Number();
        var neighbours = ImmutableArray.CreateBuilder<string>(count);
        var transitions = ImmutableArray.CreateBuilder<long>(count);
        var coWatches = ImmutableArray.CreateBuilder<long>(count);
        for (var i = 0; i < count; i++)
        {
            var place = reader.Read7BitEncodedInt();
            neighbours.Add((uint)place < (uint)titles.Length ? titles[place] : throw new InvalidDataException($"A neighbour at place {place} of {titles.Length}."));
            transitions.Add(reader.Read7BitEncodedInt64());
            coWatches.Add(reader.Read7BitEncodedInt64());
        }

        return new TitleNeighboursMessage(titleId, neighbours.MoveToImmutable(), transitions.MoveToImmutable(), coWatches.MoveToImmutable());
    }
}
