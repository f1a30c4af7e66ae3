using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>The first stage: an exact scan that scores every title.</summary>
internal static class CandidateScan
{
    /// <summary>Scores all rows: the weighted sum of all features, negative infinity where nothing may be recommended.</summary>
    public static void Score(ReadOnlySpan<CatalogueBlock> blocks, Scratch scratch)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            var start = i * CatalogueBlock.Rows;
            var scores = scratch.Scores.AsSpan(start, CatalogueBlock.Rows);
            if (Vector256.IsHardwareAccelerated)
            {
                // Two halves of 32 rows: their sums stay in registers while all features pass by.
                Score(blocks[i].Columns, 0, scratch, start, scores);
                Score(blocks[i].Columns, CatalogueBlock.Rows / 2, scratch, start, scores);
            }
            else
            {
                PlainScore(blocks[i].Columns, scratch, start, scores);
            }
        }

        if (Vector256.IsHardwareAccelerated)
        {
            AddNeighbours(scratch);
        }
    }

    /// <summary>Adds the features that are 0 for most titles, only where they are not.</summary>
    private static void AddNeighbours(Scratch scratch)
    {
        ReadOnlySpan<float> weights = scratch.CandidateWeights.AsSpan(TitleFeatures.Count, TasteFeatures.LastOfNeighbours + 1);
        foreach (var row in scratch.Touched.AsSpan(0, scratch.TouchedCount))
        {
            float sum = 0;
            for (var feature = 0; feature < weights.Length; feature++)
            {
                sum += weights[feature] * scratch.Taste[feature][row];
            }

            scratch.Scores[row] += sum;
        }
    }

    /// <summary>The plain twin of the scan of one block: its specification.</summary>
    internal static void PlainScore(ReadOnlySpan<float> columns, Scratch scratch, int start, Span<float> scores)
    {
        for (var row = 0; row < scores.Length; row++)
        {
            var score = columns[(CatalogueBlock.Bias * CatalogueBlock.Rows) + row];
            for (var feature = 0; feature < TitleFeatures.Count; feature++)
            {
                score += scratch.CandidateWeights[feature] * columns[(feature * CatalogueBlock.Rows) + row];
            }

            for (var feature = 0; feature < TasteFeatures.Count; feature++)
            {
                score += scratch.CandidateWeights[TitleFeatures.Count + feature] * scratch.Taste[feature][start + row];
            }

            scores[row] = score;
        }
    }

    private static void Score(float[] columns, int half, Scratch scratch, int start, Span<float> scores)
    {
        ReadOnlySpan<float> weights = scratch.CandidateWeights;
        ref var title = ref MemoryMarshal.GetArrayDataReference(columns);
        var at = (nuint)((CatalogueBlock.Bias * CatalogueBlock.Rows) + half);
        var sum0 = Vector256.LoadUnsafe(ref title, at);
        var sum1 = Vector256.LoadUnsafe(ref title, at + 8);
        var sum2 = Vector256.LoadUnsafe(ref title, at + 16);
        var sum3 = Vector256.LoadUnsafe(ref title, at + 24);
        for (var feature = 0; feature < TitleFeatures.Count; feature++)
        {
            at = (nuint)((feature * CatalogueBlock.Rows) + half);
            var weight = Vector256.Create(weights[feature]);
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref title, at), weight, sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref title, at + 8), weight, sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref title, at + 16), weight, sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref title, at + 24), weight, sum3);
        }

        at = (nuint)(start + half);
        for (var feature = TasteFeatures.LastOfNeighbours + 1; feature < TasteFeatures.Count; feature++)
        {
            if (scratch.IsZero[feature])
            {
                continue;
            }

            ref var taste = ref MemoryMarshal.GetArrayDataReference(scratch.Taste[feature]);
            var weight = Vector256.Create(weights[TitleFeatures.Count + feature]);
            sum0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref taste, at), weight, sum0);
            sum1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref taste, at + 8), weight, sum1);
            sum2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref taste, at + 16), weight, sum2);
            sum3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref taste, at + 24), weight, sum3);
        }

        sum0.CopyTo(scores[half..]);
        sum1.CopyTo(scores[(half + 8)..]);
        sum2.CopyTo(scores[(half + 16)..]);
        sum3.CopyTo(scores[(half + 24)..]);
    }
}
