using CsCheck;
using Marquee.Engine.Recommendations;

namespace Marquee.Tests.Recommendations;

public sealed class QuantisedScanTests
{
    private static readonly Gen<float> Number = Gen.Double[-1, 1].Select(static value => (float)value);

    [Fact]
    public void Best_AnyMatrix_EqualsItsPlainTwin() =>
        Gen.Select(Gen.Int[1, 70], Gen.Int[0, 300], Gen.Int[0, 9], Gen.Int[0, 20])
            .SelectMany(static (dimension, rows, users, most) => Gen.Select(Gen.Const((dimension, most)), Number.Array[rows * dimension], Number.Array[users * dimension]))
            .Sample(static (shape, rows, users) => RequireSame(new QuantisedScan(rows, shape.dimension), users, shape.most));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(50, 10)]
    [InlineData(64, 1_000)]
    [InlineData(300, 10)]
    public void Best_ManyRows_EqualsItsPlainTwinAndMultipliesFew(int dimension, int most)
    {
        var random = new Random(7);
        var scan = new QuantisedScan(Gaussian(random, 5_000 * dimension), dimension);
        var users = Gaussian(random, 6 * dimension);

        RequireSame(scan, users, most);

        Assert.True(scan.Best(users, most).MultipliedExactly < 6 * 5_000, "every row was multiplied exactly");
    }

    [Fact]
    public void Best_EqualProducts_KeepsTheEarlierRows()
    {
        var rows = Enumerable.Range(0, 500).SelectMany(static row => new float[] { row % 3, 1, -1 }).ToArray();
        var scan = new QuantisedScan(rows, 3);

        var best = scan.Best([1, 1, 1], 5).Best[0];

        Assert.Equal([2, 5, 8, 11, 14], best.Select(static candidate => candidate.Row));
        RequireSame(scan, [1, 1, 1, 0, 0, 0, -1, 5, 2], 200);
    }

    [Fact]
    public void Best_NormsFromTinyToHuge_EqualsItsPlainTwin() =>
        Gen.Select(Gen.Select(Number.Array[8], Gen.Int[-44, 16]).Array[0, 200], Gen.Select(Number.Array[8], Gen.Int[-44, 16]).Array[1, 5]).Sample(static (rows, users) =>
            RequireSame(new QuantisedScan([.. rows.SelectMany(Scaled)], 8), [.. users.SelectMany(Scaled)], 10));

    [Fact]
    public void Best_OneDimensionDominates_EqualsItsPlainTwin()
    {
        var random = new Random(11);
        var rows = Gaussian(random, 2_000 * 16);
        for (var row = 0; row < 2_000; row++)
        {
            rows[row * 16] = row % 2 == 0 ? 1e6f : 1e6f + (row / 64);
        }

        RequireSame(new QuantisedScan(rows, 16), Gaussian(random, 4 * 16), 20);
    }

    [Fact]
    public void Best_EachRowBetterThanTheOneBefore_EqualsItsPlainTwin() =>
        RequireSame(new QuantisedScan([.. Enumerable.Range(0, 3_000).Select(static row => 1 + (row * 1e-4f))], 1), [1, -1, 1e-3f], 7);

    [Fact]
    public void Best_OnlyNegativeProducts_EqualsItsPlainTwin()
    {
        var random = new Random(5);
        var rows = Array.ConvertAll(Gaussian(random, 1_000 * 10), static value => -Math.Abs(value));
        RequireSame(new QuantisedScan(rows, 10), Array.ConvertAll(Gaussian(random, 30), Math.Abs), 10);
    }

    [Fact]
    public void Best_ZerosOnly_KeepsTheFirstRows() =>
        Assert.Equal([0, 1, 2], new QuantisedScan(new float[400], 4).Best(new float[4], 3).Best[0].Select(static candidate => candidate.Row));

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e20f)]
    public void Any_NotFiniteOrTooLong_IsRefused(float bad)
    {
        Assert.Throws<ArgumentException>(() => new QuantisedScan([1, 2, 3, bad], 2));
        var scan = new QuantisedScan([1, 2, 3, 4], 2);
        Assert.Throws<ArgumentException>(() => scan.Best([1, bad], 1));
        Assert.Throws<ArgumentException>(() => scan.PlainBest([1, bad], 1));
    }

    [Fact]
    public void Any_LengthsThatDisagree_AreRefused()
    {
        Assert.Throws<ArgumentException>(() => new QuantisedScan([1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => new QuantisedScan([], 0));
        Assert.Throws<ArgumentException>(() => new QuantisedScan([1, 2], 2).Best([1], 1));
    }

    private static IEnumerable<float> Scaled((float[] Values, int Exponent) row) =>
        row.Values.Select(value => (float)(value * Math.Pow(10, row.Exponent)));

    private static float[] Gaussian(Random random, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }

    private static void RequireSame(QuantisedScan scan, float[] users, int most) => Assert.Equal(scan.PlainBest(users, most), scan.Best(users, most).Best);
}
