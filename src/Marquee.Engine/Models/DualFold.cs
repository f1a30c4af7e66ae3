using System.Buffers;
using System.Numerics.Tensors;

namespace Marquee.Engine.Models;

/// <summary>The embedding of a viewer with few positives, by a system of one equation for each.</summary>
/// <remarks>
/// Ridge regression in dual variables (Saunders, Gammerman, Vovk 1998): with P = UᵀU, zⱼ = U⁻ᵀyⱼ and sⱼ = √wⱼ, the posterior
/// mean (P + Σ wⱼyⱼyⱼᵀ)⁻¹ Σ wⱼyⱼ is U⁻¹ Σ aⱼsⱼzⱼ, where (I + K)·a = s and Kᵢⱼ = sᵢsⱼ·zᵢ·zⱼ. The zⱼ are the model's and
/// computed once per title, so that a viewer costs O(n²·d + n³/6 + d²).
/// </remarks>
internal static class DualFold
{
    /// <summary>Folds a viewer in. Allocates nothing; working memory is rented.</summary>
    /// <param name="model">What to fold into.</param>
    /// <param name="positives">int32[n]: rows of the model, newest first.</param>
    /// <param name="decay">γ, the weight of each positive against the next newer one.</param>
    /// <param name="embedding">float32[d], overwritten.</param>
    public static void Embed(EmbeddingModel model, ReadOnlySpan<int> positives, double decay, Span<float> embedding)
    {
        var d = model.Dimension;

        // As many unknowns as are solved fastest; those that belong to no positive are 0.
        var n = (positives.Length + NormalEquations.Multiple - 1) / NormalEquations.Multiple * NormalEquations.Multiple;
        var rented = ArrayPool<double>.Shared.Rent((n * (d + n + 2)) + d);
        try
        {
            var columns = rented.AsSpan(0, d * n);
            var kernel = rented.AsSpan(d * n, n * n);
            var scales = rented.AsSpan((d + n) * n, n);
            var solution = rented.AsSpan((d + n + 1) * n, n);
            var sum = rented.AsSpan((d + n + 2) * n, d);
            columns.Clear();
            scales.Clear();
            Gather(model, positives, Math.Sqrt(decay), columns, scales);
            kernel.Clear();
            for (var j = 0; j < n; j++)
            {
                kernel[(j * n) + j] = 1;
            }

            // Its right side, the columns' sum, is not the one that is wanted.
            NormalEquations.Add(columns, columns, kernel, solution);
            scales.CopyTo(solution);
            NormalEquations.Solve(kernel, solution);
            for (var k = 0; k < d; k++)
            {
                sum[k] = TensorPrimitives.Dot<double>(columns.Slice(k * n, n), solution);
            }

            NormalEquations.SolveFactored(model.PriorFactor, sum);
            TensorPrimitives.ConvertTruncating(sum, embedding);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>Writes sⱼzⱼ as columns, float64[d, n], and sⱼ.</summary>
    private static void Gather(EmbeddingModel model, ReadOnlySpan<int> positives, double fade, Span<double> columns, Span<double> scales)
    {
        var n = scales.Length;
        var scale = 1.0;
        for (var j = 0; j < positives.Length; j++)
        {
            var row = model.Whitened(positives[j]);
            scales[j] = scale;
            for (var k = 0; k < row.Length; k++)
            {
                columns[(k * n) + j] = scale * row[k];
            }

            scale *= fade;
        }
    }
}
