using CsCheck;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Recommendations;

public sealed class ScanTests
{
    private static readonly Gen<float> Number = Gen.Float[-10, 10];

    [Fact]
    public void Add_AnyBlock_EqualsItsPlainTwin() =>
        Gen.Select(Number.Array[CatalogueBlock.Rows * CatalogueBlock.ColumnCount], Number.Array[3 * CatalogueBlock.Rows], Number.Array[TasteFeatures.AllNames.Length], Number.Array[NewcomerModel.Count])
            .Sample((columns, rows, weights, inModel) =>
            {
                const int Rows = CatalogueBlock.Rows;
                var block = new CatalogueBlock(null);
                columns.CopyTo(block.Columns, 0);
                var scratch = new Scratch();
                weights.CopyTo(scratch.CandidateWeights, 0);
                inModel.CopyTo(scratch.NewcomerWeights, 0);
                var (fast, plain) = (new float[Rows], new float[Rows]);
                var sum = BlockSum.UpTo(scratch);

                sum.Add(block, rows.AsSpan(0, Rows), rows.AsSpan(Rows, Rows), rows.AsSpan(2 * Rows), fast);
                sum.PlainAdd(block, rows.AsSpan(0, Rows), rows.AsSpan(Rows, Rows), rows.AsSpan(2 * Rows), plain);

                Assert.All(fast.Zip(plain), pair => Assert.Equal(pair.Second, pair.First, 2e-2f));
            });

    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(64)]
    public void Products_AnyRows_EqualTheirPlainTwin(int dimension) =>
        Gen.Select(Number.Array[dimension * CatalogueBlock.Rows], Number.Array[dimension], Number.Array[dimension]).Sample((rows, a, b) =>
        {
            var block = new EmbeddingBlock(dimension);
            var (first, second) = (new float[2 * block.RowWords], new float[2 * block.RowWords]);
            a.CopyTo(first, 0);
            b.CopyTo(second, 0);
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                block.Set(row, rows.AsSpan(row * dimension, dimension));
            }

            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                var fast = EmbeddingScan.Products(block, row, first, second);
                var plain = EmbeddingScan.PlainProducts(block, row, first, second);
                Assert.Equal(plain.First, fast.First, 1e-2f);
                Assert.Equal(plain.Second, fast.Second, 1e-2f);
                Assert.True(Math.Abs(plain.First) <= (block.Norms[row] * Math.Sqrt(first.Sum(static x => x * x))) + 1e-2f);
            }
        });

    [Theory]
    [InlineData(1)]
    [InlineData(32)]
    public void SequenceProducts_AnyRows_EqualTheirPlainTwin(int dimension) =>
        Gen.Select(Number.Array[dimension * CatalogueBlock.Rows], Number.Array[dimension]).Sample((rows, query) =>
        {
            var block = new SequenceBlock(dimension);
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                block.Set(row, rows.AsSpan(row * dimension, dimension));
            }

            var (fast, plain) = (new float[CatalogueBlock.Rows], new float[CatalogueBlock.Rows]);
            SequenceScan.Products(block, query, fast);
            SequenceScan.PlainProducts(block, query, plain);
            Assert.Equal(plain, fast);
            Assert.All(rows.Zip(Enumerable.Range(0, rows.Length)), pair => Assert.Equal(pair.First, block[pair.Second / dimension, pair.Second % dimension], (Math.Abs(pair.First) / 256) + 1e-37f));
        });

    [Fact]
    public void Set_AnyEmbedding_ReadsBackWithinHalfAStepOfItsMantissa() =>
        Gen.Select(Number.Array[8], Gen.Int[0, CatalogueBlock.Rows - 1]).Sample((embedding, row) =>
        {
            var block = new EmbeddingBlock(8);
            block.Set(row, embedding);
            Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(embedding[i], block[row, i], (Math.Abs(embedding[i]) / 256) + 1e-37f));
            Assert.All(Enumerable.Range(0, CatalogueBlock.Rows).Where(other => other != row), other => Assert.Equal(0, block[other, 0]));
        });

    [Fact]
    public void KeepUncertain_AnyShares_DropsTheRest() =>
        Gen.Select(Gen.Float[0, 1].Array[0, 40], Number.Array[40]).Sample((shares, scores) =>
        {
            var kept = new float[shares.Length];
            ExplorationSlots.KeepUncertain(shares, scores.AsSpan(0, shares.Length), kept);
            Assert.Equal(shares.Select((share, i) => share >= ExplorationSlots.LeastUncertainty ? scores[i] : float.NegativeInfinity), kept);
        });

    [Fact]
    public void Keep_AnyScores_EqualsSorting() =>
        Gen.Select(Gen.Int[0, 20].Select(value => value == 0 ? float.NegativeInfinity : value).Array[0, 300], Gen.Int[0, 40]).Sample((scores, most) =>
        {
            var kept = new Candidate[most];
            var count = BestCandidates.Keep(scores, kept);
            var expected = scores.Select((score, row) => new Candidate(row, score))
                .Where(candidate => double.IsFinite(candidate.Score)).OrderDescending(Comparer<Candidate>.Create((a, b) => b.CompareTo(a))).Take(most);
            Assert.Equal(expected, kept.Take(count).OrderDescending(Comparer<Candidate>.Create((a, b) => b.CompareTo(a))));
        });
}
