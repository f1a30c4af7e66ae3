using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Training.Models;

/// <summary>What the metadata of titles says, learned without the titles of one fold.</summary>
/// <param name="Promises">float64[n + 1]: the logarithm of the expected count of positives.</param>
/// <param name="Biases">float32[n + 1]: the biases of the tower by ranking.</param>
/// <param name="Tower">float32[n + 1, d]: the tower by ranking, see <see cref="RankingTowerTrainer"/>.</param>
/// <param name="Regression">float32[n + 1, d]: a ridge regression onto the trained embeddings, moved and scaled to have mean and size of the tower.</param>
internal sealed record NewcomerFold(double[] Promises, float[] Biases, float[] Tower, float[] Regression)
{
    private const double PromiseRidge = 5;

    /// <summary>Learns from the titles that are used.</summary>
    public static NewcomerFold Train(Source source, Func<int, bool> isUsed, int seed, CancellationToken cancellation)
    {
        var (features, titles, positives, weights, embeddings, pairs) = source;
        var promises = features.SolveCounts(positives, [.. positives.Select((_, title) => isUsed(title) ? 1.0 : 0)], PromiseRidge);
        var (tower, biases) = RankingTowerTrainer.Train(features, pairs, embeddings.Dimension, isUsed, seed, cancellation);
        var regression = ContentTowerTrainer.Solve(features, titles, [.. weights.Select((weight, title) => isUsed(title) ? weight : 0)], embeddings, ContentTowerTrainer.Ridge);
        MakeAlike(regression, tower, features, titles.Count, embeddings.Dimension);
        return new NewcomerFold(promises, biases, tower, regression);
    }

    /// <summary>Moves what a solution predicts to the mean of zero, and scales it to the size of what a tower predicts, both over all titles.</summary>
    internal static void MakeAlike(float[] solution, float[] tower, SparseRidge features, int titles, int dimension)
    {
        float[] mean = new float[dimension], predicted = new float[dimension];
        double size = 0, wanted = 0;
        for (var title = 0; title < titles; title++)
        {
            features.Predict(title, solution, predicted);
            TensorPrimitives.Add(mean, predicted, mean);
            size += TensorPrimitives.SumOfSquares<float>(predicted);
            features.Predict(title, tower, predicted);
            wanted += TensorPrimitives.SumOfSquares<float>(predicted);
        }

        TensorPrimitives.Divide(mean, Math.Max(1, titles), mean);
        size -= (double)titles * TensorPrimitives.SumOfSquares<float>(mean);
        var intercept = solution.AsSpan(solution.Length - dimension);
        TensorPrimitives.Subtract(intercept, mean, intercept);
        TensorPrimitives.Multiply(solution, (float)Math.Sqrt(wanted / Math.Max(1e-9, size)), solution);
    }

    /// <summary>What is learned from.</summary>
    /// <param name="Features">The features of the titles.</param>
    /// <param name="Titles">The titles with an embedding.</param>
    /// <param name="Positives">float64[titles]: how many positives each has.</param>
    /// <param name="Weights">float64[titles]: how well each title's embedding is known.</param>
    /// <param name="Embeddings">The trained embeddings.</param>
    /// <param name="Pairs">Viewers and what they liked.</param>
    internal sealed record Source(SparseRidge Features, IReadOnlyList<TitleEntry> Titles, double[] Positives, double[] Weights, EmbeddingModel Embeddings, ViewerPairs Pairs);
}
