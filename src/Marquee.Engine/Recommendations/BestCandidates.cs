using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
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
        if (Vector128.IsHardwareAccelerated)
        {
            var least = Vector256.Create(bound);
            ref var first = ref MemoryMarshal.GetReference(scores);
            for (; row + Vector256<float>.Count <= scores.Length; row += Vector256<float>.Count)
            {
                for (var bits = Reaching(ref first, row, least); bits != 0; bits &= bits - 1)
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

    /// <summary>One bit for each of eight rows: whether it is as high as a bound. Which are cannot be foretold, so that only set bits should branch.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Reaching(ref float scores, int row, Vector256<float> least) =>
        Vector256.GreaterThanOrEqual(Vector256.LoadUnsafe(ref scores, (nuint)row), least).ExtractMostSignificantBits();

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
    /// <remarks>
    /// Which values are moved cannot be foretold, so none of it branches: every value is swapped, and only how far the
    /// higher ones reach depends on it (Edelkamp and Weiß 2016, "BlockQuicksort").
    /// </remarks>
    internal static float NthHighest(Span<float> values, int n)
    {
        while (true)
        {
            var pivot = Median(values[0], values[values.Length / 2], values[^1]);
            var higher = MoveToFront(values, pivot);
            if (n <= higher)
            {
                values = values[..higher];
                continue;
            }

            values = values[higher..];
            n -= higher;
            var equal = MoveToFront(values, MathF.BitDecrement(pivot));
            if (n <= equal || equal == 0)
            {
                // None equal a pivot that is negative infinity, below which there is nothing, or no number.
                return pivot;
            }

            values = values[equal..];
            n -= equal;
        }
    }

    private static float Median(float a, float b, float c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));

    /// <summary>Moves the values above a bound to the front; returns how many they are.</summary>
    private static int MoveToFront(Span<float> values, float bound)
    {
        var front = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var value = values[i];
            values[i] = values[front];
            values[front] = value;
            front += value > bound ? 1 : 0;
        }

        return front;
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
