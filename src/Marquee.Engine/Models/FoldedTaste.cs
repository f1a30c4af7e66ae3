using System.Buffers;
using System.Numerics.Tensors;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Engine.Models;

/// <summary>A viewer's embeddings: the posterior mean given the viewer's positives, once with all alike and once with recent ones ahead.</summary>
/// <remarks>
/// x = (P + Σ wⱼyⱼyⱼᵀ)⁻¹ Σ wⱼyⱼ with P = α0·YᵀY + λI (Hu, Koren, Volinsky 2008, equation 4, with recency weights wⱼ = γ^age in
/// events). Of two systems with that solution the smaller one is solved: this one of d equations, or its dual of as many
/// equations as there are positives (<see cref="DualFold"/>). O(n·d·min(n, d)).
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

    /// <summary>How many positives weigh more.</summary>
    private static readonly int RecentReach = 1 + (int)Math.Floor(Math.Log(LeastWeight) / Math.Log(RecentDecay));

    /// <summary>Folds a viewer in.</summary>
    /// <remarks>Allocates the result only; working memory is rented.</remarks>
    public static FoldedTaste Of(EmbeddingModel model, UserTaste taste, TitleTable titles)
    {
        Span<int> positives = stackalloc int[taste.Recent.Length];
        positives = positives[..Positives(model, taste, titles, positives)];
        var lasting = new float[model.Dimension];
        Embed(model, positives, 1, lasting);
        if (positives.Length <= 1)
        {
            // One positive weighs the same in both.
            return new FoldedTaste(model, lasting, lasting);
        }

        var recent = new float[model.Dimension];
        Embed(model, positives[..Math.Min(positives.Length, RecentReach)], RecentDecay, recent);
        return new FoldedTaste(model, lasting, recent);
    }

    /// <summary>Writes the rows of the viewer's positives, newest first; returns how many they are.</summary>
    private static int Positives(EmbeddingModel model, UserTaste taste, TitleTable titles, Span<int> rows)
    {
        var count = 0;
        for (var j = taste.Recent.Length - 1; j >= 0; j--)
        {
            var entry = taste.Recent[j];
            if (entry.IsPositive && model.RowOf(entry.Title, titles) is >= 0 and var row)
            {
                rows[count++] = row;
            }
        }

        return count;
    }

    private static void Embed(EmbeddingModel model, ReadOnlySpan<int> positives, double decay, Span<float> embedding)
    {
        if (positives.IsEmpty)
        {
            embedding.Clear();
        }
        else if (positives.Length <= model.Dimension)
        {
            DualFold.Embed(model, positives, decay, embedding);
        }
        else
        {
            PrimalFold(model, positives, decay, embedding);
        }
    }

    private static void PrimalFold(EmbeddingModel model, ReadOnlySpan<int> positives, double decay, Span<float> embedding)
    {
        var (d, n) = (model.Dimension, positives.Length);
        var rented = ArrayPool<double>.Shared.Rent(d * ((2 * n) + d + 1));
        try
        {
            var rows = rented.AsSpan(0, n * d);
            var weighted = rented.AsSpan(n * d, n * d);
            var precision = rented.AsSpan(2 * n * d, d * d);
            var solution = rented.AsSpan((2 * n * d) + (d * d), d);
            var weight = 1.0;
            for (var j = 0; j < n; j++)
            {
                var row = rows.Slice(j * d, d);
                TensorPrimitives.ConvertTruncating(model.Row(positives[j]), row);
                TensorPrimitives.Multiply(row, weight, weighted.Slice(j * d, d));
                weight *= decay;
            }

            model.Prior.CopyTo(precision);
            solution.Clear();
            NormalEquations.Add(rows, weighted, precision, solution);
            NormalEquations.Solve(precision, solution);
            TensorPrimitives.ConvertTruncating(solution, embedding);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(rented);
        }
    }
}
