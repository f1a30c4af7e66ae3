using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>The first stage: an exact scan that scores every title, and keeps the best.</summary>
internal static class CandidateScan
{
    /// <summary>Scores all rows: the weighted sum of all features, negative infinity where nothing may be recommended.</summary>
    public static void Score(ReadOnlySpan<CatalogueBlock> blocks, Scratch scratch)
    {
        ReadOnlySpan<float> weights = scratch.CandidateWeights;
        for (var i = 0; i < blocks.Length; i++)
        {
            var start = i * CatalogueBlock.Rows;
            var scores = scratch.Scores.AsSpan(start, CatalogueBlock.Rows);
            blocks[i].Column(CatalogueBlock.Bias).CopyTo(scores);
            for (var feature = 0; feature < TitleFeatures.Count; feature++)
            {
                AddWeighted(blocks[i].Column(feature), weights[feature], scores);
            }

            for (var feature = 0; feature < TasteFeatures.Count; feature++)
            {
                AddWeighted(scratch.Taste[feature].AsSpan(start, CatalogueBlock.Rows), weights[TitleFeatures.Count + feature], scores);
            }
        }
    }

    /// <summary>sums += weight · values. Lengths are equal and a multiple of eight.</summary>
    public static void AddWeighted(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        if (weight == 0)
        {
            return;
        }

        if (!Vector256.IsHardwareAccelerated)
        {
            PlainAddWeighted(values, weight, sums);
            return;
        }

        var x = MemoryMarshal.Cast<float, Vector256<float>>(values);
        var y = MemoryMarshal.Cast<float, Vector256<float>>(sums);
        var w = Vector256.Create(weight);
        for (var i = 0; i < y.Length; i++)
        {
            y[i] = Vector256.FusedMultiplyAdd(x[i], w, y[i]);
        }
    }

    /// <summary>The plain twin of <see cref="AddWeighted"/>: its specification.</summary>
    internal static void PlainAddWeighted(ReadOnlySpan<float> values, float weight, Span<float> sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += weight * values[i];
        }
    }

    /// <summary>Keeps the rows with the highest finite scores, best first.</summary>
    /// <param name="scores">float32[rows].</param>
    /// <param name="kept">Receives at most its length.</param>
    /// <returns>How many were kept.</returns>
    /// <remarks>A bounded heap whose root is the worst kept: O(rows + changes·log kept). Equal scores keep row order.</remarks>
    public static int Keep(ReadOnlySpan<float> scores, Span<Candidate> kept)
    {
        var count = 0;
        var worst = float.NegativeInfinity;
        for (var row = 0; row < scores.Length; row++)
        {
            if (!(scores[row] > worst))
            {
                continue;
            }

            var candidate = new Candidate(row, scores[row]);
            if (count < kept.Length)
            {
                Rise(kept, count++, candidate);
                worst = count == kept.Length ? (float)kept[0].Score : worst;
            }
            else
            {
                Sink(kept, candidate);
                worst = (float)kept[0].Score;
            }
        }

        kept[..count].Sort();
        return count;
    }

    private static void Rise(Span<Candidate> heap, int at, Candidate candidate)
    {
        while (at > 0 && candidate.CompareTo(heap[(at - 1) / 2]) > 0)
        {
            heap[at] = heap[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        heap[at] = candidate;
    }

    private static void Sink(Span<Candidate> heap, Candidate candidate)
    {
        var at = 0;
        for (var child = 1; child < heap.Length; child = (2 * at) + 1)
        {
            if (child + 1 < heap.Length && heap[child + 1].CompareTo(heap[child]) > 0)
            {
                child++;
            }

            if (candidate.CompareTo(heap[child]) >= 0)
            {
                break;
            }

            heap[at] = heap[child];
            at = child;
        }

        heap[at] = candidate;
    }
}
