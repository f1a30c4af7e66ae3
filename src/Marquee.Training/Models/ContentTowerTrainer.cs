using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Training.Models;

/// <summary>Trains the content tower: a ridge regression of trained title embeddings on metadata features, titles weighted by what is known of them.</summary>
/// <remarks>Solved by conjugate gradients on the sparse normal equations, one dimension at a time: O(iterations · non-zeros · d).</remarks>
public static class ContentTowerTrainer
{
    private const int Iterations = 40;
    private const int FewestTitles = 3;

    /// <summary>Trains on the titles that have an embedding.</summary>
    /// <param name="titles">The titles.</param>
    /// <param name="weights">float64[titles]: how well each title's embedding is known, 0 to leave it out.</param>
    /// <param name="embeddings">The trained embeddings.</param>
    /// <param name="ridge">λ.</param>
    public static ContentTower Train(IReadOnlyList<TitleEntry> titles, double[] weights, EmbeddingModel embeddings, double ridge = 10)
    {
        var frequencies = new Dictionary<int, int>();
        foreach (var title in titles)
        {
            foreach (var feature in ContentTower.FeaturesOf(title))
            {
                frequencies[feature] = frequencies.GetValueOrDefault(feature) + 1;
            }
        }

        int[] features = [.. frequencies.Where(static pair => pair.Value >= FewestTitles).Select(static pair => pair.Key).Order()];
        var index = features.Select(static (feature, i) => (feature, i)).ToDictionary(static pair => pair.feature, static pair => pair.i);
        var rows = new List<(int[] Features, double Weight, float[] Target)>();
        for (var i = 0; i < titles.Count; i++)
        {
            var target = embeddings.Of(titles[i].TitleId);
            if (weights[i] > 0 && !target.IsEmpty)
            {
                int[] row = [.. ContentTower.FeaturesOf(titles[i]).Where(index.ContainsKey).Select(feature => index[feature]), features.Length];
                rows.Add((row, weights[i], target.ToArray()));
            }
        }

        var d = embeddings.Dimension;
        var solution = new float[(features.Length + 1) * d];
        Parallel.For(0, d, dimension =>
        {
            var column = Solve(rows, features.Length + 1, dimension, ridge);
            for (var i = 0; i < column.Length; i++)
            {
                solution[(i * d) + dimension] = (float)column[i];
            }
        });
        return new ContentTower(d, features, solution);
    }

    private static double[] Solve(List<(int[] Features, double Weight, float[] Target)> rows, int size, int dimension, double ridge)
    {
        var x = new double[size];
        var residual = new double[size];
        foreach (var (features, weight, target) in rows)
        {
            foreach (var feature in features)
            {
                residual[feature] += weight * target[dimension];
            }
        }

        double[] direction = [.. residual];
        var product = new double[size];
        var norm = TensorPrimitives.Dot<double>(residual, residual);
        for (var iteration = 0; iteration < Iterations && norm > 1e-12; iteration++)
        {
            // The intercept, last, is not shrunk.
            TensorPrimitives.Multiply(direction, ridge, product);
            product[^1] = 0;
            foreach (var (features, weight, _) in rows)
            {
                double sum = 0;
                foreach (var feature in features)
                {
                    sum += direction[feature];
                }

                foreach (var feature in features)
                {
                    product[feature] += weight * sum;
                }
            }

            var step = norm / TensorPrimitives.Dot<double>(direction, product);
            TensorPrimitives.MultiplyAdd(direction, step, x, x);
            TensorPrimitives.MultiplyAdd(product, -step, residual, residual);
            var next = TensorPrimitives.Dot<double>(residual, residual);
            TensorPrimitives.MultiplyAdd(direction, next / norm, residual, direction);
            norm = next;
        }

        return x;
    }
}
