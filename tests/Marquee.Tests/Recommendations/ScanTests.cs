using CsCheck;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Recommendations;

public sealed class ScanTests
{
    private static readonly Gen<float> Number = Gen.Float[-10, 10];

    [Fact]
    public void Score_AnyBlocks_EqualsItsPlainTwin() =>
        Gen.Select(Number.Array[2 * CatalogueBlock.Rows * CatalogueBlock.ColumnCount], Number.Array[2 * CatalogueBlock.Rows * TasteFeatures.Count], Number.Array[TasteFeatures.AllNames.Length])
            .Sample((titles, tastes, weights) =>
            {
                const int Rows = CatalogueBlock.Rows;
                CatalogueBlock[] blocks = [new(null), new(null)];
                var scratch = new Scratch();
                scratch.Reset(blocks.Length);
                weights.CopyTo(scratch.CandidateWeights, 0);
                for (var feature = 0; feature < TasteFeatures.Count; feature++)
                {
                    tastes.AsSpan(feature * 2 * Rows, 2 * Rows).CopyTo(scratch.Column(feature));
                }

                // Every third title has neighbours; the others have none of those features.
                for (var row = 0; row < 2 * Rows; row++)
                {
                    if (row % 3 == 0)
                    {
                        scratch.Touched[scratch.TouchedCount++] = row;
                        continue;
                    }

                    for (var feature = 0; feature <= TasteFeatures.LastOfNeighbours; feature++)
                    {
                        scratch.Taste[feature][row] = 0;
                    }
                }

                var plain = new float[2 * Rows];
                for (var i = 0; i < blocks.Length; i++)
                {
                    titles.AsSpan(i * blocks[i].Columns.Length, blocks[i].Columns.Length).CopyTo(blocks[i].Columns);
                    CandidateScan.PlainScore(blocks[i].Columns, scratch, i * Rows, plain.AsSpan(i * Rows, Rows));
                }

                CandidateScan.Score(blocks, scratch);
                Assert.All(scratch.Scores.Take(plain.Length).Zip(plain), pair => Assert.Equal(pair.Second, pair.First, 2e-2f));
            });

    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(64)]
    public void Products_AnyRows_EqualTheirPlainTwin(int dimension) =>
        Gen.Select(Number.Array[dimension * 64], Number.Array[dimension], Number.Array[dimension]).Sample((rows, a, b) =>
        {
            var (fastA, fastB, plainA, plainB) = (new float[64], new float[64], new float[64], new float[64]);
            var block = new EmbeddingBlock(dimension);
            for (var row = 0; row < 64; row++)
            {
                block.Set(row, rows.AsSpan(row * dimension, dimension));
            }

            EmbeddingScan.Products(block, a, b, fastA, fastB);
            EmbeddingScan.PlainProducts(block, a, b, plainA, plainB);
            Assert.All(fastA.Zip(plainA), pair => Assert.Equal(pair.Second, pair.First, 1e-2f));
            Assert.All(fastB.Zip(plainB), pair => Assert.Equal(pair.Second, pair.First, 1e-2f));
        });

    [Fact]
    public void Set_AnyEmbedding_ReadsBackWithinHalfAStepOfItsMantissa() =>
        Gen.Select(Number.Array[8], Gen.Int[0, 63]).Sample((embedding, row) =>
        {
            var block = new EmbeddingBlock(8);
            block.Set(row, embedding);
            Assert.All(Enumerable.Range(0, 8), i => Assert.Equal(embedding[i], block[row, i], (Math.Abs(embedding[i]) / 256) + 1e-37f));
            Assert.All(Enumerable.Range(0, 64).Where(other => other != row), other => Assert.Equal(0, block[other, 0]));
        });

    [Fact]
    public void Mix_AnyBlock_EqualsItsPlainTwin() =>
        Gen.Select(Number.Array[CatalogueBlock.Rows * CatalogueBlock.ColumnCount], Number.Array[CatalogueBlock.Rows * TasteFeatures.Count], Number.Array[NewcomerModel.Count], Number.Array[CatalogueBlock.Rows])
            .Sample((columns, tastes, weights, ages) =>
            {
                var block = new CatalogueBlock(null);
                columns.CopyTo(block.Columns, 0);
                Scratch[] scratches = [new(), new()];
                float[][] scores = [[.. ages], [.. ages]];
                foreach (var scratch in scratches)
                {
                    scratch.Reset(1);
                    for (var feature = TasteFeatures.Year; feature <= TasteFeatures.Embedding; feature++)
                    {
                        tastes.AsSpan(feature * CatalogueBlock.Rows, CatalogueBlock.Rows).CopyTo(scratch.Column(feature));
                    }
                }

                NewcomerScan.Mix(block, weights, 0, scores[0], scratches[0]);
                NewcomerScan.PlainMix(block, weights, 0, scores[1], scratches[1]);
                Assert.All(scores[0].Zip(scores[1]), pair => Assert.Equal(pair.Second, pair.First, 2e-2f));
                for (var feature = 0; feature < TasteFeatures.Count; feature++)
                {
                    Assert.All(scratches[0].Taste[feature].Zip(scratches[1].Taste[feature]), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
                }
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
