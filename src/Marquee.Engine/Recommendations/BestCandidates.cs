using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Marquee.Engine.Recommendations;

/// <summary>Keeps the rows with the highest scores.</summary>
internal static class BestCandidates
{
    /// <summary>Keeps the rows with the highest finite scores, in no order.</summary>
    /// <param name="scores">float32[rows].</param>
    /// <param name="kept">Receives at most its length.</param>
    /// <returns>How many were kept.</returns>
    /// <remarks>
    /// A bounded heap whose root is the worst kept. Before, a lower bound of what can be kept: the n-th highest of the maxima
    /// of disjoint groups, since that many rows are as high at least. O(rows), and few rows reach the heap. Of equal scores the earlier row is kept.
    /// </remarks>
    public static int Keep(ReadOnlySpan<float> scores, Span<Candidate> kept)
    {
        if (kept.IsEmpty)
        {
            return 0;
        }

        var bound = LowerBound(scores, kept.Length);
        var count = 0;
        var row = 0;
        if (Vector256.IsHardwareAccelerated)
        {
            var least = Vector256.Create(bound);
            for (; row + Vector256<float>.Count <= scores.Length; row += Vector256<float>.Count)
            {
                var reaching = Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(scores), (nuint)row), least);
                for (var bits = reaching.ExtractMostSignificantBits(); bits != 0; bits &= bits - 1)
                {
                    Offer(kept, ref count, row + BitOperations.TrailingZeroCount(bits), scores);
                }
            }
        }

        for (; row < scores.Length; row++)
        {
            if (scores[row] >= bound)
            {
                Offer(kept, ref count, row, scores);
            }
        }

        return count;
    }

    /// <summary>A bound that at least n rows reach: the n-th highest of the maxima of 4 n groups of rows, so that few more than n do. Negative infinity for few rows.</summary>
    /// <remarks>A group takes every so-manieth row: neighbouring rows are of one age and alike popular, and would share few groups.</remarks>
    internal static float LowerBound(ReadOnlySpan<float> scores, int n)
    {
        if (scores.Length < 4 * n)
        {
            return float.NegativeInfinity;
        }

        var groups = 4 * n;
        var rented = ArrayPool<float>.Shared.Rent(groups);
        try
        {
            var maxima = rented.AsSpan(0, groups);
            scores[..groups].CopyTo(maxima);
            for (scores = scores[groups..]; scores.Length > 0; scores = scores[Math.Min(groups, scores.Length)..])
            {
                var some = maxima[..Math.Min(groups, scores.Length)];
                TensorPrimitives.Max(some, scores[..some.Length], some);
            }

            return NthHighest(maxima, n);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(rented);
        }
    }

    /// <summary>Quickselect (Hoare 1961): reorders the values. O(values) on average.</summary>
    internal static float NthHighest(Span<float> values, int n)
    {
        var (low, high, target) = (0, values.Length - 1, n - 1);
        while (low < high)
        {
            var pivot = values[low + ((high - low) / 2)];
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (values[i] > pivot)
                {
                    i++;
                }

                while (values[j] < pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (values[i], values[j]) = (values[j], values[i]);
                    (i, j) = (i + 1, j - 1);
                }
            }

            if (target <= j)
            {
                high = j;
            }
            else if (target >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        return values[target];
    }

    private static void Offer(Span<Candidate> kept, ref int count, int row, ReadOnlySpan<float> scores)
    {
        if (float.IsNegativeInfinity(scores[row]))
        {
            return;
        }

        var candidate = new Candidate(row, scores[row]);
        if (count < kept.Length)
        {
            Rise(kept, count++, candidate);
        }
        else if (candidate.CompareTo(kept[0]) < 0)
        {
            Sink(kept, candidate);
        }
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
