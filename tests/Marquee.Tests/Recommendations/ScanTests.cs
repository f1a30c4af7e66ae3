using CsCheck;
using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Recommendations;

public sealed class ScanTests
{
    private static readonly Gen<float> Number = Gen.Float[-10, 10];

    [Fact]
    public void AddWeighted_AnyBlock_EqualsItsPlainTwin() =>
        Gen.Select(Number.Array[64], Number, Number.Array[64]).Sample((values, weight, sums) =>
        {
            float[] fast = [.. sums];
            float[] plain = [.. sums];
            CandidateScan.AddWeighted(values, weight, fast);
            CandidateScan.PlainAddWeighted(values, weight, plain);
            Assert.All(fast.Zip(plain), pair => Assert.Equal(pair.Second, pair.First, 1e-4f));
        });

    [Theory]
    [InlineData(8)]
    [InlineData(20)]
    [InlineData(64)]
    public void Products_AnyRows_EqualTheirPlainTwin(int dimension) =>
        Gen.Select(Number.Array[dimension * 64], Number.Array[dimension], Number.Array[dimension]).Sample((rows, a, b) =>
        {
            var (fastA, fastB, plainA, plainB) = (new float[64], new float[64], new float[64], new float[64]);
            EmbeddingScan.Products(rows, a, b, fastA, fastB);
            EmbeddingScan.PlainProducts(rows, a, b, plainA, plainB);
            Assert.All(fastA.Zip(plainA), pair => Assert.Equal(pair.Second, pair.First, 1e-2f));
            Assert.All(fastB.Zip(plainB), pair => Assert.Equal(pair.Second, pair.First, 1e-2f));
        });

    [Fact]
    public void Keep_AnyScores_EqualsSorting() =>
        Gen.Select(Gen.Int[0, 20].Select(value => value == 0 ? float.NegativeInfinity : value).Array[0, 300], Gen.Int[1, 40]).Sample((scores, most) =>
        {
            var kept = new Candidate[most];
            var count = CandidateScan.Keep(scores, kept);
            var expected = scores.Select((score, row) => new Candidate(row, score))
                .Where(candidate => double.IsFinite(candidate.Score)).OrderDescending(Comparer<Candidate>.Create((a, b) => b.CompareTo(a))).Take(most);
            Assert.Equal(expected, kept.Take(count));
        });
}
