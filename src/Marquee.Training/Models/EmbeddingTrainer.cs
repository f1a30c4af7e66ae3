using System.Numerics.Tensors;
using Marquee.Engine.Models;

namespace Marquee.Training.Models;

/// <summary>Trains title embeddings by implicit alternating least squares on both cores.</summary>
/// <remarks>
/// Hu, Koren, Volinsky 2008, with the objective of Rendle et al. 2021 (arXiv 2110.14037, equation 2): observed pairs weigh 1,
/// all pairs α0, and the regularisation of a row grows with its count and α0 times the other side, to the power ν = 1.
/// Each row is an exact solve, so rows are independent and the result does not depend on how many threads share them.
/// </remarks>
public static class EmbeddingTrainer
{
    /// <summary>Trains on positives.</summary>
    /// <param name="titleIds">n titles.</param>
    /// <param name="positives">Per viewer, the rows of the titles that the viewer liked; each once.</param>
    /// <param name="options">Hyper-parameters and seed.</param>
    /// <param name="start">Embeddings to go on from, of the same dimension; null starts from small random ones. Going on takes <see cref="EmbeddingOptions.WarmSweeps"/>.</param>
    /// <param name="validate">How good embeddings are on events that they are not trained on; with it, training stops when <see cref="EmbeddingOptions.Patience"/> sweeps have not bettered that, and the best are the result.</param>
    /// <param name="progress">Receives the share that is done.</param>
    /// <param name="cancellation">Stops between sweeps.</param>
    public static EmbeddingModel Train(
        string[] titleIds,
        IReadOnlyList<int[]> positives,
        EmbeddingOptions options,
        EmbeddingModel? start = null,
        Func<EmbeddingModel, double>? validate = null,
        IProgress<double>? progress = null,
        CancellationToken cancellation = default)
    {
        var d = options.Dimension;
        var (users, titles) = (positives.Count, titleIds.Length);
        var byTitle = Transpose(positives, titles);
        var userRows = new float[users * d];
        var titleRows = Initial(titles, d, new Random(options.Seed));
        var isWarm = start?.Dimension == d;
        for (var title = 0; isWarm && title < titles; title++)
        {
            start!.Of(titleIds[title]).CopyTo(titleRows.AsSpan(title * d, d));
        }

        var sweeps = isWarm ? options.WarmSweeps : options.Sweeps;
        var parallel = TrainingThreads.Loop(options.Parallelism, cancellation);
        var typical = options.Regularisation * ((positives.Count == 0 ? 0 : positives.Average(static row => row.Length)) + (options.UnobservedWeight * titles));
        EmbeddingModel? best = null;
        var (bestValue, waited) = (double.NegativeInfinity, 0);
        for (var sweep = 0; sweep < sweeps && waited < options.Patience; sweep++)
        {
            Sweep(positives, titleRows, userRows, titles, options, parallel);
            Sweep(byTitle, userRows, titleRows, users, options, parallel);
            if (validate is not null)
            {
                var model = Publish([.. titleRows]);
                var value = validate(model);
                (best, bestValue, waited) = value > bestValue ? (model, value, 0) : (best, bestValue, waited + 1);
            }

            progress?.Report((sweep + 1.0) / sweeps);
        }

        return best ?? Publish(titleRows);

        EmbeddingModel Publish(float[] rows) => new(d, titleIds, rows, options.UnobservedWeight, (float)Math.Max(typical, 1e-4));
    }

    private static void Sweep(
        IReadOnlyList<int[]> observed, float[] fixedRows, float[] rows, int others, EmbeddingOptions options, ParallelOptions parallel)
    {
        var d = options.Dimension;
        var prior = GramMatrix.WeightedWithRidge(fixedRows, d, options.UnobservedWeight, 0);
        Parallel.For(0, observed.Count, parallel, () => (new double[d * d], new double[d], new double[d]), (row, _, memory) =>
        {
            var (precision, solution, other) = memory;
            var target = rows.AsSpan(row * d, d);
            if (observed[row].Length == 0)
            {
                target.Clear();
                return memory;
            }

            prior.CopyTo(precision, 0);
            Array.Clear(solution);
            var ridge = options.Regularisation * (observed[row].Length + (options.UnobservedWeight * others));
            for (var i = 0; i < d; i++)
            {
                precision[(i * d) + i] += ridge;
            }

            foreach (var index in observed[row])
            {
                TensorPrimitives.ConvertTruncating<float, double>(fixedRows.AsSpan(index * d, d), other);
                AddLower(precision, other);
                TensorPrimitives.Add(solution, other, solution);
            }

            GramMatrix.Factor(precision, d);
            GramMatrix.Solve(precision, solution);
            TensorPrimitives.ConvertTruncating<double, float>(solution, target);
            return memory;
        }, static _ => { });
    }

    /// <summary>Adds x·xᵀ to the lower triangle, all that <see cref="GramMatrix.Factor"/> reads.</summary>
    private static void AddLower(double[] matrix, double[] x)
    {
        for (var i = 0; i < x.Length; i++)
        {
            var into = matrix.AsSpan(i * x.Length, i + 1);
            TensorPrimitives.MultiplyAdd(x.AsSpan(0, i + 1), x[i], into, into);
        }
    }

    private static int[][] Transpose(IReadOnlyList<int[]> positives, int titles)
    {
        var lists = new List<int>[titles];
        for (var user = 0; user < positives.Count; user++)
        {
            foreach (var title in positives[user])
            {
                (lists[title] ??= []).Add(user);
            }
        }

        return [.. lists.Select(static list => list is null ? [] : list.ToArray())];
    }

    private static float[] Initial(int rows, int dimension, Random random)
    {
        var values = new float[rows * dimension];
        var scale = 0.1 / Math.Sqrt(dimension);
        for (var i = 0; i < values.Length; i++)
        {
            // Sum of uniforms: near enough to normal, and the same on every machine.
            values[i] = (float)(scale * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * Math.Sqrt(3));
        }

        return values;
    }
}

/// <summary>Hyper-parameters of <see cref="EmbeddingTrainer"/>.</summary>
public sealed record EmbeddingOptions
{
    /// <summary>d; a multiple of 8 for speed.</summary>
    public int Dimension { get; init; } = 64;

    /// <summary>α0, the weight of every pair; small for catalogues of which viewers know little.</summary>
    public float UnobservedWeight { get; init; } = 0.3f;

    /// <summary>λ.</summary>
    public float Regularisation { get; init; } = 0.003f;

    /// <summary>Sweeps over viewers and titles, from nothing.</summary>
    public int Sweeps { get; init; } = 12;

    /// <summary>Sweeps that go on from embeddings trained on less of the same history.</summary>
    public int WarmSweeps { get; init; } = 3;

    /// <summary>Where training is validated, it stops after this many sweeps without gain.</summary>
    public int Patience { get; init; } = 2;

    /// <summary>Start of the pseudo-random initial embeddings.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>How many rows are solved at a time. Does not change the result.</summary>
    public int Parallelism { get; init; } = Environment.ProcessorCount;
}
