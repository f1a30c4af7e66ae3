using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Training.Models;

/// <summary>Trains the content tower: a ridge regression of trained title embeddings on metadata features, titles weighted by what is known of them.</summary>
public static class ContentTowerTrainer
{
    /// <summary>λ.</summary>
    public const double Ridge = 10;

    /// <summary>Trains on the titles that have an embedding.</summary>
    /// <param name="titles">The titles.</param>
    /// <param name="weights">float64[titles]: how well each title's embedding is known, 0 to leave it out.</param>
    /// <param name="embeddings">The trained embeddings.</param>
    /// <param name="ridge">λ.</param>
    public static ContentTower Train(IReadOnlyList<TitleEntry> titles, double[] weights, EmbeddingModel embeddings, double ridge = Ridge)
    {
        var regression = new SparseRidge(titles);
        return new ContentTower(embeddings.Dimension, regression.Features, Solve(regression, titles, weights, embeddings, ridge));
    }

    /// <summary>The weights of a tower.</summary>
    /// <returns>float32[n + 1, d].</returns>
    internal static float[] Solve(SparseRidge regression, IReadOnlyList<TitleEntry> titles, double[] weights, EmbeddingModel embeddings, double ridge)
    {
        var d = embeddings.Dimension;
        double[] known = [.. weights.Select((weight, i) => embeddings.Of(titles[i].TitleId).IsEmpty ? 0 : weight)];
        var solution = new float[(regression.Features.Length + 1) * d];
        Parallel.For(0, d, TrainingThreads.Loop(), dimension =>
        {
            var targets = new double[titles.Count];
            for (var i = 0; i < targets.Length; i++)
            {
                targets[i] = known[i] > 0 ? embeddings.Of(titles[i].TitleId)[dimension] : 0;
            }

            var column = regression.Solve(targets, known, ridge);
            for (var i = 0; i < column.Length; i++)
            {
                solution[(i * d) + dimension] = (float)column[i];
            }
        });
        return solution;
    }
}
