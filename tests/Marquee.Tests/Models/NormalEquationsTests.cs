using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Tests.Models;

public sealed class NormalEquationsTests
{
    /// <summary>Dimensions around and between the widths of registers; the general solver is the judge.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(7, 2)]
    [InlineData(16, 0)]
    [InlineData(32, 40)]
    [InlineData(45, 9)]
    [InlineData(64, 100)]
    [InlineData(129, 11)]
    public void Solve_SumOfWeightedProducts_HasTheSolutionOfTheGeneralSolver(int dimension, int count)
    {
        var random = new Random(dimension);
        var rows = Enumerable.Range(0, count * dimension).Select(_ => random.NextDouble() - 0.5).ToArray();
        var weights = Enumerable.Range(0, count).Select(_ => random.NextDouble() + 0.1).ToArray();
        var prior = GramMatrix.WeightedWithRidge([.. Enumerable.Range(0, 200 * dimension).Select(_ => (float)(random.NextDouble() - 0.5))], dimension, 0.1, 2);
        var (expectedMatrix, expected) = ((double[])[.. prior], Enumerable.Range(0, dimension).Select(_ => random.NextDouble()).ToArray());
        var (matrix, actual) = ((double[])[.. prior], (double[])[.. expected]);
        for (var j = 0; j < count; j++)
        {
            GramMatrix.AddOuterProduct(expectedMatrix, rows.AsSpan(j * dimension, dimension), weights[j]);
            for (var i = 0; i < dimension; i++)
            {
                expected[i] += weights[j] * rows[(j * dimension) + i];
            }
        }

        GramMatrix.Factor(expectedMatrix, dimension);
        GramMatrix.Solve(expectedMatrix, expected);

        NormalEquations.Add(rows, [.. rows.Select((value, place) => value * weights[place / dimension])], matrix, actual);
        NormalEquations.Solve(matrix, actual);

        Assert.All(actual.Zip(expected), static pair => Assert.Equal(pair.Second, pair.First, 1e-11));
    }

    [Fact]
    public void Solve_IndefiniteMatrix_Throws() =>
        Assert.Throws<ArithmeticException>(static () => NormalEquations.Solve((double[])[1, 2, 2, 1], (double[])[1, 1]));

    [Fact]
    public void Solve_MatrixOfAnotherSize_Throws() =>
        Assert.Throws<ArgumentException>(static () => NormalEquations.Solve(new double[9], new double[2]));

    /// <summary>To fold a viewer in takes matrices and layers of some 100 KB; they are not for the collector.</summary>
    [Fact]
    public void FoldAndFollow_LongPast_AllocateLittleButTheirResults()
    {
        const int D = 64, Titles = 200;
        var random = new Random(5);
        var numbers = new TitleTable();
        string[] ids = [.. Enumerable.Range(0, Titles).Select(static i => $"t{i}")];
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5))];
        var model = new EmbeddingModel(D, ids, Numbers(Titles * D), 0.1f, 1);
        var network = new SequenceNetwork(D, D, [.. SequenceNetwork.SizesOf(D, D).Select(Numbers)]);
        var tower = new SequenceTower(network, 50, ids, Numbers(Titles * D), null);
        var taste = UserTaste.Empty.WithRecent([.. Enumerable.Range(0, 100).Select(i => new TasteEntry(numbers.NumberOf(ids[i]), i, 1))]);

        long Allocated()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            GC.KeepAlive((FoldedTaste.Of(model, taste, numbers), tower.Follow(taste, numbers)));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        _ = Allocated();

        Assert.InRange(Allocated(), 1, 2_000);
    }
}
