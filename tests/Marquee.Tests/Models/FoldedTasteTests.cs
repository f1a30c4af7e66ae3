using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Tests.Models;

public sealed class FoldedTasteTests
{
    /// <summary>Hu, Koren, Volinsky 2008, equation 4, by hand in one dimension: x = Σ w·y / (α0·Σ y² + λ + Σ w·y²).</summary>
    [Fact]
    public void Of_OneDimension_EqualsTheClosedForm()
    {
        var titles = new TitleTable();
        var model = new EmbeddingModel(1, ["a", "b", "c"], [1, 2, 3], 0.5f, 0.25f);
        TasteEntry[] past = [new(titles.NumberOf("a"), 1, 1), new(titles.NumberOf("dull"), 2, 0.3f), new(titles.NumberOf("c"), 3, 1)];

        var folded = FoldedTaste.Of(model, UserTaste.Empty.WithRecent(past), titles);

        const double Prior = (0.5 * (1 + 4 + 9)) + 0.25;
        const double Gamma = FoldedTaste.RecentDecay;
        Assert.Equal((1 + 3) / (Prior + 1 + 9), folded.Lasting[0], 1e-6);
        Assert.Equal(((Gamma * 1) + 3) / (Prior + (Gamma * 1) + 9), folded.Recent[0], 1e-6);
    }

    /// <summary>Few positives are folded by as many equations, many by as many as there are dimensions: the equation of the class holds for both.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(60)]
    public void Of_AnyNumberOfPositives_SolvesTheNormalEquations(int positives)
    {
        const int D = 16;
        var random = new Random(7);
        var (titles, model) = (new TitleTable(), RandomModel(random, 80, D));
        var past = Enumerable.Range(0, positives).Select(i => new TasteEntry(titles.NumberOf($"t{i}"), i, 1)).ToArray();

        var folded = FoldedTaste.Of(model, UserTaste.Empty.WithRecent(past), titles);

        var newestFirst = Enumerable.Range(0, positives).Reverse().ToArray();
        Assert.All(Residual(model, newestFirst, 1, folded.Lasting), static rest => Assert.Equal(0, rest, 1e-5));
        Assert.All(Residual(model, newestFirst[..Math.Min(positives, 43)], FoldedTaste.RecentDecay, folded.Recent), static rest => Assert.Equal(0, rest, 1e-5));
    }

    /// <summary>Rows are remembered by the number that a table gave; another table gives the number to another title.</summary>
    [Fact]
    public void Of_TablesThatNumberOtherwise_TakesEachTitleForItself()
    {
        var (model, one, other) = (RandomModel(new Random(8), 3, 4), new TitleTable(), new TitleTable());
        Assert.Equal((0, 0), (one.NumberOf("t1"), other.NumberOf("t2")));

        Assert.Equal(Single("t1", one), Single("t1", other));
        Assert.Equal(Single("t2", one), Single("t2", other));
        Assert.NotEqual(Single("t1", one), Single("t2", one));

        float[] Single(string titleId, TitleTable titles) =>
            FoldedTaste.Of(model, UserTaste.Empty.WithRecent(new TasteEntry(titles.NumberOf(titleId), 1, 1)), titles).Lasting;
    }

    private static EmbeddingModel RandomModel(Random random, int titles, int dimension) => new(
        dimension, [.. Enumerable.Range(0, titles).Select(i => $"t{i}")], [.. Enumerable.Range(0, titles * dimension).Select(_ => (float)(random.NextDouble() - 0.5))], 0.3f, 0.1f);

    /// <summary>(P + Σ wⱼyⱼyⱼᵀ)·x − Σ wⱼyⱼ, by loops.</summary>
    private static double[] Residual(EmbeddingModel model, int[] newestFirst, double decay, float[] x)
    {
        var d = x.Length;
        var rest = new double[d];
        for (var i = 0; i < d; i++)
        {
            for (var k = 0; k < d; k++)
            {
                rest[i] += model.Prior[(i * d) + k] * x[k];
            }
        }

        for (var j = 0; j < newestFirst.Length; j++)
        {
            var y = model.Of($"t{newestFirst[j]}");
            var product = -1.0;
            for (var k = 0; k < d; k++)
            {
                product += (double)y[k] * x[k];
            }

            for (var i = 0; i < d; i++)
            {
                rest[i] += Math.Pow(decay, j) * y[i] * product;
            }
        }

        return rest;
    }

    [Fact]
    public void Solve_RandomPositiveDefiniteSystem_HasTheRightSolution()
    {
        const int D = 12;
        var random = new Random(3);
        var rows = Enumerable.Range(0, 20 * D).Select(_ => (float)(random.NextDouble() - 0.5)).ToArray();
        var matrix = GramMatrix.WeightedWithRidge(rows, D, 2, 0.5);
        var expected = Enumerable.Range(0, D).Select(_ => random.NextDouble()).ToArray();
        var solution = new double[D];
        for (var i = 0; i < D; i++)
        {
            for (var j = 0; j < D; j++)
            {
                solution[i] += matrix[(i * D) + j] * expected[j];
            }
        }

        GramMatrix.Factor(matrix, D);
        GramMatrix.Solve(matrix, solution);

        Assert.All(solution.Zip(expected), pair => Assert.Equal(pair.Second, pair.First, 1e-9));
    }

    [Fact]
    public void Factor_IndefiniteMatrix_Throws() =>
        Assert.Throws<ArithmeticException>(() => GramMatrix.Factor((double[])[1, 2, 2, 1], 2));
}
