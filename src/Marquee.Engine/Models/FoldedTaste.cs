using System.Buffers;
using System.Numerics.Tensors;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Engine.Models;

/// <summary>A viewer's embeddings: the posterior mean given the viewer's positives, once with all alike and once with recent ones ahead.</summary>
/// <remarks>
/// x = (α0·YᵀY + λI + Σ wⱼyⱼyⱼᵀ)⁻¹ Σ wⱼyⱼ (Hu, Koren, Volinsky 2008, equation 4, with recency weights wⱼ = γ^age in events).
/// Cost O(h·d² + d³/6).
/// </remarks>
/// <param name="Model">What it was folded into.</param>
/// <param name="Lasting">float32[d], γ = 1.</param>
/// <param name="Recent">float32[d], γ = <see cref="RecentDecay"/>.</param>
public sealed record FoldedTaste(EmbeddingModel Model, float[] Lasting, float[] Recent)
{
    /// <summary>γ of <see cref="Recent"/>.</summary>
    public const double RecentDecay = 0.85;

    /// <summary>Older positives than those that weigh more are not read.</summary>
    private const double LeastWeight = 1e-3;

    /// <summary>Folds a viewer in.</summary>
    /// <remarks>Allocates the result only; working memory is rented.</remarks>
    public static FoldedTaste Of(EmbeddingModel model, UserTaste taste, TitleTable titles)
    {
        var (d, most) = (model.Dimension, taste.Recent.Length);
        var rented = ArrayPool<double>.Shared.Rent(d * ((2 * most) + d + 1));
        try
        {
            var rows = rented.AsSpan(0, most * d);
            var weighted = rented.AsSpan(most * d, most * d);
            var system = rented.AsSpan(2 * most * d, (d + 1) * d);
            rows = rows[..(Positives(model, taste, titles, rows) * d)];
            var lasting = Embed(model, rows, weighted, system, 1);

            // One positive weighs the same in both.
            return new FoldedTaste(model, lasting, rows.Length <= d ? lasting : Embed(model, rows, weighted, system, RecentDecay));
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }

    /// <summary>Writes the embeddings of the viewer's positives, newest first; returns how many they are.</summary>
    private static int Positives(EmbeddingModel model, UserTaste taste, TitleTable titles, Span<double> rows)
    {
        var count = 0;
        for (var j = taste.Recent.Length - 1; j >= 0; j--)
        {
            var entry = taste.Recent[j];
            var row = entry.IsPositive ? model.Of(titles.IdOf(entry.Title)) : [];
            if (!row.IsEmpty)
            {
                TensorPrimitives.ConvertTruncating(row, rows.Slice(count++ * row.Length, row.Length));
            }
        }

        return count;
    }

    private static float[] Embed(EmbeddingModel model, ReadOnlySpan<double> rows, Span<double> weighted, Span<double> system, double decay)
    {
        var d = model.Dimension;
        var weight = 1.0;
        var read = 0;
        for (; read < rows.Length && weight > LeastWeight; read += d)
        {
            TensorPrimitives.Multiply(rows.Slice(read, d), weight, weighted.Slice(read, d));
            weight *= decay;
        }

        var precision = system[..(d * d)];
        var solution = system[(d * d)..];
        model.Prior.CopyTo(precision);
        solution.Clear();
        NormalEquations.Add(rows[..read], weighted[..read], precision, solution);
        NormalEquations.Solve(precision, solution);
        var result = new float[d];
        TensorPrimitives.ConvertTruncating<double, float>(solution, result);
        return result;
    }
}
