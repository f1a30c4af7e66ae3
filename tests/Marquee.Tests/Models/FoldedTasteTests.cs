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
