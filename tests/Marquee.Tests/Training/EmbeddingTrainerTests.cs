using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class EmbeddingTrainerTests
{
    private static readonly EmbeddingOptions Options = new() { Dimension = 8, Sweeps = 8, UnobservedWeight = 0.1f, Regularisation = 0.01f };

    /// <summary>A checkerboard: even viewers like even titles, odd ones odd titles, each with one left out.</summary>
    [Fact]
    public void Train_Checkerboard_NearestTitleIsOfTheSameColour()
    {
        var model = EmbeddingTrainer.Train(Ids(20), Checkerboard(40, 20), Options);

        for (var i = 0; i < 20; i++)
        {
            var nearest = Enumerable.Range(0, 20).Where(j => j != i).MaxBy(j => TensorPrimitives.CosineSimilarity(model.Of($"t{i}"), model.Of($"t{j}")));
            Assert.Equal(i % 2, nearest % 2);
        }
    }

    [Fact]
    public void Train_OneOrManyThreads_GivesTheSameBits()
    {
        var one = EmbeddingTrainer.Train(Ids(20), Checkerboard(40, 20), Options with { Parallelism = 1 });
        var many = EmbeddingTrainer.Train(Ids(20), Checkerboard(40, 20), Options with { Parallelism = 4 });

        Assert.Equal(one.Embeddings, many.Embeddings);
    }

    /// <summary>Validated sweeps: the second is the best, two more do not better it, and no fifth is made.</summary>
    [Fact]
    public void Train_ValidationThatGetsWorse_StopsAndGivesTheBest()
    {
        double[] values = [0.1, 0.3, 0.2, 0.3, 9];
        var seen = new List<EmbeddingModel>();

        var model = EmbeddingTrainer.Train(Ids(20), Checkerboard(40, 20), Options with { Patience = 2 }, validate: candidate =>
        {
            seen.Add(candidate);
            return values[seen.Count - 1];
        });

        Assert.Equal(4, seen.Count);
        Assert.Same(seen[1], model);
        Assert.Equal(EmbeddingTrainer.Train(Ids(20), Checkerboard(40, 20), Options with { Sweeps = 2 }).Embeddings, model.Embeddings);
    }

    private static string[] Ids(int titles) => [.. Enumerable.Range(0, titles).Select(i => $"t{i}")];

    private static int[][] Checkerboard(int users, int titles) =>
        [.. Enumerable.Range(0, users).Select(user => Enumerable.Range(0, titles).Where(title => (user + title) % 2 == 0 && title / 2 != user % 10).ToArray())];
}
