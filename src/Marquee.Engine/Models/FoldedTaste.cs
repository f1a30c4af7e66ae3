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

    /// <summary>Folds a viewer in.</summary>
    public static FoldedTaste Of(EmbeddingModel model, UserTaste taste, TitleTable titles) =>
        new(model, Embed(model, taste, titles, 1), Embed(model, taste, titles, RecentDecay));

    private static float[] Embed(EmbeddingModel model, UserTaste taste, TitleTable titles, double decay)
    {
        var dimension = model.Dimension;
        var precision = model.Prior.AsSpan().ToArray();
        var solution = new double[dimension];
        Span<double> embedding = stackalloc double[dimension];
        var weight = 1.0;
        for (var j = taste.Recent.Length - 1; j >= 0 && weight > 1e-3; j--)
        {
            var entry = taste.Recent[j];
            var row = entry.IsPositive ? model.Of(titles.IdOf(entry.Title)) : [];
            if (row.IsEmpty)
            {
                continue;
            }

            TensorPrimitives.ConvertTruncating(row, embedding);
            GramMatrix.AddOuterProduct(precision, embedding, weight);
            TensorPrimitives.MultiplyAdd(embedding, weight, solution, solution);
            weight *= decay;
        }

        GramMatrix.Factor(precision, dimension);
        GramMatrix.Solve(precision, solution);
        var result = new float[dimension];
        TensorPrimitives.ConvertTruncating<double, float>(solution, result);
        return result;
    }
}
