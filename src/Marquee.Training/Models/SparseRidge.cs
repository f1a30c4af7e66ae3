using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Training.Models;

/// <summary>Ridge regressions of several targets on the metadata features of titles.</summary>
/// <remarks>Solved by conjugate gradients on the sparse normal equations, one target at a time: O(iterations · non-zeros · targets).</remarks>
internal sealed class SparseRidge
{
    private const int Iterations = 40;
    private const int FewestTitles = 3;

    private readonly int[][] _rows;

    /// <summary>Gathers the features of titles; those that fewer than three have are left out.</summary>
    public SparseRidge(IReadOnlyList<TitleEntry> titles)
    {
        var frequencies = new Dictionary<int, int>();
        int[][] all = [.. titles.Select(static title => ContentTower.FeaturesOf(title).Distinct().ToArray())];
        foreach (var feature in all.SelectMany(static row => row))
        {
            frequencies[feature] = frequencies.GetValueOrDefault(feature) + 1;
        }

        Features = [.. frequencies.Where(static pair => pair.Value >= FewestTitles).Select(static pair => pair.Key).Order()];
        var index = new Dictionary<int, int>(Features.Length);
        foreach (var feature in Features)
        {
            index.Add(feature, index.Count);
        }

        _rows = Array.ConvertAll(all, row => (int[])[.. row.Where(index.ContainsKey).Select(feature => index[feature]), Features.Length]);
    }

    /// <summary>Ids of the n features, ascending.</summary>
    public int[] Features { get; }

    /// <summary>Per title the indices of those of its features that are wanted, without the intercept.</summary>
    /// <param name="isWanted">Told the id of a feature.</param>
    public int[][] Select(Func<int, bool> isWanted)
    {
        bool[] wanted = [.. Features.Select(isWanted), false];
        return Array.ConvertAll(_rows, row => Array.FindAll(row, feature => wanted[feature]));
    }

    /// <summary>Solves for one target.</summary>
    /// <param name="targets">float64[titles].</param>
    /// <param name="weights">float64[titles]: how well each target is known; 0 leaves the title out.</param>
    /// <param name="ridge">λ; the intercept is not shrunk.</param>
    /// <returns>float64[n + 1], the intercept last.</returns>
    public double[] Solve(ReadOnlySpan<double> targets, ReadOnlySpan<double> weights, double ridge)
    {
        var x = new double[Features.Length + 1];
        var residual = new double[x.Length];
        for (var i = 0; i < _rows.Length; i++)
        {
            foreach (var feature in weights[i] == 0 ? [] : _rows[i])
            {
                residual[feature] += weights[i] * targets[i];
            }
        }

        double[] direction = [.. residual];
        var product = new double[x.Length];
        var norm = TensorPrimitives.Dot<double>(residual, residual);
        for (var iteration = 0; iteration < Iterations && norm > 1e-12; iteration++)
        {
            TensorPrimitives.Multiply(direction, ridge, product);
            product[^1] = 0;
            for (var i = 0; i < _rows.Length; i++)
            {
                if (weights[i] == 0)
                {
                    continue;
                }

                double sum = 0;
                foreach (var feature in _rows[i])
                {
                    sum += direction[feature];
                }

                foreach (var feature in _rows[i])
                {
                    product[feature] += weights[i] * sum;
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

    /// <summary>Solves for the logarithm of expected counts: a negative binomial regression with dispersion 1.</summary>
    /// <remarks>Iteratively reweighted least squares (Nelder, Wedderburn 1972). Counts of engagement vary as widely as their mean, so a Poisson regression would follow the few largest.</remarks>
    /// <param name="counts">float64[titles].</param>
    /// <param name="used">float64[titles]: 0 leaves the title out, else 1.</param>
    /// <param name="ridge">λ; the intercept is not shrunk.</param>
    /// <returns>float64[n + 1], the intercept last.</returns>
    public double[] SolveCounts(ReadOnlySpan<double> counts, ReadOnlySpan<double> used, double ridge)
    {
        const int Steps = 8;
        var solution = new double[Features.Length + 1];
        solution[^1] = Math.Log(Math.Max(1e-3, TensorPrimitives.Dot(counts, used) / Math.Max(1, TensorPrimitives.Sum(used))));
        var targets = new double[counts.Length];
        var weights = new double[counts.Length];
        for (var step = 0; step < Steps; step++)
        {
            for (var i = 0; i < counts.Length; i++)
            {
                var logarithm = Math.Clamp(Predict(i, solution), -6, 12);
                var mean = Math.Exp(logarithm);
                targets[i] = logarithm + ((counts[i] - mean) / mean);
                weights[i] = used[i] * mean / (1 + mean);
            }

            solution = Solve(targets, weights, ridge);
        }

        return solution;
    }

    /// <summary>What solutions of d targets predict for one of the titles.</summary>
    /// <param name="title">Its index.</param>
    /// <param name="solutions">float32[n + 1, d].</param>
    /// <param name="targets">float32[d], overwritten.</param>
    public void Predict(int title, ReadOnlySpan<float> solutions, Span<float> targets)
    {
        targets.Clear();
        foreach (var feature in _rows[title])
        {
            TensorPrimitives.Add(targets, solutions.Slice(feature * targets.Length, targets.Length), targets);
        }
    }

    /// <summary>What a solution predicts for one of the titles.</summary>
    public double Predict(int title, ReadOnlySpan<double> solution)
    {
        double sum = 0;
        foreach (var feature in _rows[title])
        {
            sum += solution[feature];
        }

        return sum;
    }
}
