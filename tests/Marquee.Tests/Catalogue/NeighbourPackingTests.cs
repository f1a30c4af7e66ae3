using CsCheck;
using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Engine.Titles;
using Marquee.Grains.Catalogue;

namespace Marquee.Tests.Catalogue;

/// <summary>What a replica unpacks is what the feed packed.</summary>
public sealed class NeighbourPackingTests
{
    private static readonly Gen<Neighbour> Neighbours =
        Gen.Select(Gen.Int[0, 30], Gen.Long[0, 1L << 40], Gen.Long[0, 1L << 34], (title, transition, coWatch) => new Neighbour($"t{title}", transition, coWatch));

    [Fact]
    public void Unpack_AnyRows_AreTheNeighboursOfEachRowInOrder() =>
        Gen.Select(Neighbours.Array[0, 12], Gen.Bool, Gen.Bool).Array[0, 10].Sample(rows =>
        {
            var titles = new TitleTable();
            titles.NumberOf("known before");
            var packed = Delta(rows).Pack();
            var unpacked = packed.Unpack(titles);
            foreach (var (neighbours, changed, none) in rows.Where(row => row.Item2))
            {
                Neighbour[] expected = none ? [] : neighbours;
                var actual = unpacked.Dequeue();
                Assert.Equal(expected.Select(neighbour => neighbour.TitleId), actual.Numbers.Select(titles.IdOf));
                Assert.Equal(expected.Select(neighbour => neighbour.Transition / 4096f), actual.Transitions);
                Assert.Equal(expected.Select(neighbour => (float)neighbour.CoWatch), actual.CoWatches);
            }

            Assert.Empty(unpacked);
            Assert.All(packed.Delta.Rows, row => Assert.Null(row.Neighbours));
            Assert.Equal(rows.Select(row => row.Item2), packed.Delta.Rows.Select(row => row.Parts.HasFlag(CatalogueParts.Neighbours)));
            Assert.Equal(packed.NeighbourTitles.Distinct(), packed.NeighbourTitles);
        });

    [Fact]
    public void Unpack_BytesThatWereNotPacked_IsInvalid()
    {
        var delta = Delta([]);
        Assert.Throws<InvalidDataException>(() => new PackedCatalogueDelta(delta, ["a"], new byte[] { 1, 1, 0, 0 }).Unpack(new TitleTable()));
        Assert.Throws<InvalidDataException>(() => new PackedCatalogueDelta(delta, ["a"], new byte[] { 1, 0, 0 }).Unpack(new TitleTable()));
        Assert.Throws<InvalidDataException>(() => new PackedCatalogueDelta(delta, [], new byte[] { 1, 0, 0, 0 }).Unpack(new TitleTable()));
    }

    private static CatalogueDelta Delta((Neighbour[] Neighbours, bool Changed, bool None)[] rows) => new(
        Version: rows.Length,
        [
            .. rows.Select((row, i) => new CatalogueRowMessage
            {
                TitleId = $"r{i}",
                Version = i + 1,
                Parts = row.Changed ? CatalogueParts.Neighbours | CatalogueParts.Live : CatalogueParts.Live,
                Neighbours = row.Changed && !row.None ? Message($"r{i}", row.Neighbours) : null,
            }),
        ],
        More: false,
        Incarnation: 1);

    private static TitleNeighboursMessage Message(string titleId, Neighbour[] neighbours) => new(
        titleId,
        [.. neighbours.Select(neighbour => neighbour.TitleId)],
        [.. neighbours.Select(neighbour => neighbour.Transition)],
        [.. neighbours.Select(neighbour => neighbour.CoWatch)]);
}
