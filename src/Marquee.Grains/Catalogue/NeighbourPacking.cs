using System.Buffers;
using System.Collections.Immutable;
using Marquee.Contracts.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;

namespace Marquee.Grains.Catalogue;

/// <summary>Packs the neighbours of a delta's rows, and reads them again. At every event the neighbours of some twenty titles change: to each replica they are the largest part of what the feed sends.</summary>
internal static class NeighbourPacking
{
    /// <summary>Takes the neighbours out of the rows.</summary>
    public static PackedCatalogueDelta Pack(this CatalogueDelta delta)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var titles = ImmutableArray.CreateBuilder<string>();
        var rows = ImmutableArray.CreateBuilder<CatalogueRowMessage>(delta.Rows.Length);
        var packed = new ArrayBufferWriter<byte>(1_024);
        var writer = new BinaryFormatWriter(packed);
        foreach (var row in delta.Rows)
        {
            rows.Add(row.Neighbours is null ? row : row with { Neighbours = null });
            if (!row.Parts.HasFlag(CatalogueParts.Neighbours))
            {
                continue;
            }

            writer.Unsigned((ulong)(row.Neighbours?.Neighbours.Length ?? 0));
            for (var i = 0; i < row.Neighbours?.Neighbours.Length; i++)
            {
                var title = row.Neighbours.Neighbours[i];
                if (!places.TryGetValue(title, out var place))
                {
                    places.Add(title, place = titles.Count);
                    titles.Add(title);
                }

                writer.Unsigned((ulong)place);
                writer.Unsigned((ulong)row.Neighbours.Transitions[i]);
                writer.Unsigned((ulong)row.Neighbours.CoWatches[i]);
            }
        }

        return new PackedCatalogueDelta(delta with { Rows = rows.MoveToImmutable() }, titles.DrainToImmutable(), packed.WrittenMemory);
    }

    /// <summary>The neighbours of each row that changed them, in the rows' order.</summary>
    /// <param name="delta">The delta.</param>
    /// <param name="titles">Numbers the titles.</param>
    /// <exception cref="InvalidDataException">It is not what <see cref="Pack"/> makes.</exception>
    public static Queue<TitleNeighbours> Unpack(this PackedCatalogueDelta delta, TitleTable titles)
    {
        var numbers = new int[delta.NeighbourTitles.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = titles.NumberOf(delta.NeighbourTitles[i]);
        }

        var unpacked = new Queue<TitleNeighbours>();
        var reader = new BinaryFormatReader(delta.Neighbours.Span);
        while (!reader.AtEnd)
        {
            var count = reader.Count(most: reader.Remaining);
            var neighbours = count == 0 ? TitleNeighbours.None : new TitleNeighbours(new int[count], new float[count], new float[count]);
            for (var i = 0; i < count; i++)
            {
                var place = reader.Unsigned();
                neighbours.Numbers[i] = place < (ulong)numbers.Length ? numbers[place] : throw new InvalidDataException($"A neighbour at place {place} of {numbers.Length}.");
                neighbours.Transitions[i] = reader.Unsigned() / (float)Neighbour.Unit;
                neighbours.CoWatches[i] = reader.Unsigned();
            }

            unpacked.Enqueue(neighbours);
        }

        return unpacked;
    }
}
