using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Training.Models;

namespace Marquee.Training.Sequences;

/// <summary>Weights to start training from.</summary>
internal static class SequenceInitialisation
{
    /// <summary>How many positives make a title's vector half as long, squared, as it can be.</summary>
    private const double Certain = 5;

    /// <summary>A network that starts as a moving average: the candidate of a state is the title's vector, the query the state, and all else small and random.</summary>
    public static SequenceNetwork Network(SequenceOptions options)
    {
        var (d, h) = (options.Dimension, options.Hidden);
        var random = new Random(options.Seed);
        float[][] parameters = [.. SequenceNetwork.SizesOf(d, h).Select(static size => new float[size])];
        Fill(parameters[SequenceNetwork.InputWeights], options.Noise / Math.Sqrt(d), random);
        Fill(parameters[SequenceNetwork.RecurrentWeights], options.Noise / Math.Sqrt(h), random);
        Fill(parameters[SequenceNetwork.QueryWeights], options.Noise / Math.Sqrt(h), random);
        Array.Fill(parameters[SequenceNetwork.WaitGates], 1);
        Array.Fill(parameters[SequenceNetwork.GateBiases], MathF.Log(options.Memory / (1 - options.Memory)), 0, h);
        for (var i = 0; i < Math.Min(d, h); i++)
        {
            parameters[SequenceNetwork.InputWeights][(i * GatedRecurrentUnit.Gates * h) + (2 * h) + i] += 1;
            parameters[SequenceNetwork.QueryWeights][(i * d) + i] += options.QueryScale;
        }

        return new SequenceNetwork(d, h, parameters);
    }

    /// <summary>The directions of the vectors of a factorisation, shorter where little is known of a title; those of titles that a tower knows are its own.</summary>
    /// <returns>float32[titles, d].</returns>
    public static float[] Vectors(SequenceHistory history, SequenceOptions options, SequenceTower? start, CancellationToken cancellation)
    {
        var d = options.Dimension;
        int[][] positives = [.. history.Viewers.Select(static viewer => viewer.Where(static step => step.Kind == 0).Select(static step => step.Row).ToArray())];
        var factors = EmbeddingTrainer.Train(
            history.TitleIds, positives, options.Embeddings with { Dimension = d, Seed = options.Seed, Parallelism = options.Parallelism }, cancellation: cancellation);
        var vectors = factors.Embeddings;
        for (var i = 0; i < history.TitleIds.Length; i++)
        {
            var vector = vectors.AsSpan(i * d, d);
            var known = history.Positives[i];
            if (known > 0)
            {
                TensorPrimitives.Multiply(vector, options.VectorScale * (float)Math.Sqrt(known / (known + Certain)) / TensorPrimitives.Norm<float>(vector), vector);
            }
        }

        if (start is not null)
        {
            Align(history.TitleIds, vectors, start);
        }

        return vectors;
    }

    /// <summary>
    /// Puts a tower's own vectors in the place of those of titles that it knows. Those of the others are turned to where the
    /// tower's would be, by the least squares of the ones over the others: each training has axes of its own.
    /// </summary>
    private static void Align(string[] titleIds, float[] vectors, SequenceTower start)
    {
        var d = start.Dimension;
        var precision = new double[d * d];
        var products = new double[d * d];
        var (from, to) = (new double[d], new double[d]);
        for (var i = 0; i < titleIds.Length; i++)
        {
            if (start.Of(titleIds[i]) is { IsEmpty: false } trained)
            {
                TensorPrimitives.ConvertTruncating<float, double>(vectors.AsSpan(i * d, d), from);
                TensorPrimitives.ConvertTruncating(trained, to);
                GramMatrix.AddOuterProduct(precision, from, 1);
                for (var k = 0; k < d; k++)
                {
                    TensorPrimitives.MultiplyAdd(from, to[k], products.AsSpan(k * d, d), products.AsSpan(k * d, d));
                }
            }
        }

        for (var k = 0; k < d; k++)
        {
            precision[(k * d) + k] += 1;
        }

        GramMatrix.Factor(precision, d);
        for (var k = 0; k < d; k++)
        {
            GramMatrix.Solve(precision, products.AsSpan(k * d, d));
        }

        for (var i = 0; i < titleIds.Length; i++)
        {
            var vector = vectors.AsSpan(i * d, d);
            if (start.Of(titleIds[i]) is { IsEmpty: false } trained)
            {
                trained.CopyTo(vector);
                continue;
            }

            TensorPrimitives.ConvertTruncating<float, double>(vector, from);
            for (var k = 0; k < d; k++)
            {
                vector[k] = (float)TensorPrimitives.Dot<double>(from, products.AsSpan(k * d, d));
            }
        }
    }

    private static void Fill(float[] values, double deviation, Random random)
    {
        for (var i = 0; i < values.Length; i++)
        {
            // Sum of uniforms: near enough to normal, and the same on every machine.
            values[i] = (float)(deviation * (random.NextDouble() + random.NextDouble() + random.NextDouble() + random.NextDouble() - 2) * Math.Sqrt(3));
        }
    }
}
