using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Finds the titles with the highest scores of the first stage, given at most how high each can be.</summary>
/// <remarks>
/// Titles that seem among the best are scored in full; the n-th best of them is a lower bound of what must be reached; of the
/// others that could reach it those that seem best are scored in full as well, which raises the bound, twice as many each
/// time, until no other could. What remains is certainly not among the best.
/// </remarks>
internal static class CandidateSelection
{
    /// <summary>Keeps the best rows.</summary>
    /// <param name="most">At most so many: n.</param>
    /// <param name="scores">float32[rows]: upper bounds, negative infinity where nothing may be kept; exact afterwards where a row was scored in full.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">As <see cref="TasteScan"/> left it.</param>
    /// <returns>At most n candidates in row order, of equal scores the earlier rows; valid until the next call.</returns>
    public static Span<Candidate> Keep(int most, Span<float> scores, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (most == 0)
        {
            return [];
        }

        var reaching = scratch.Reaching;
        var bound = BestCandidates.LowerBound(scores, most);
        Collect(scores, bound, reaching);
        var least = ScoreInFull(most, reaching, scores, catalogue, scratch);
        while (least < bound)
        {
            // Scored in full they are lower than they seemed, so others may be as high. Those that seem highest are next, for
            // they raise what the others must reach.
            var next = 2 * reaching.Count;
            Collect(scores, least, reaching);
            bound = Math.Max(least, NthHighest(next, reaching, scores, scratch));
            Collect(scores, bound, reaching);
            least = ScoreInFull(most, reaching, scores, catalogue, scratch);
        }

        var kept = scratch.CandidatesFor(most);
        var ties = most;
        foreach (var row in reaching)
        {
            ties -= scores[row] > least ? 1 : 0;
        }

        var count = 0;
        foreach (var row in reaching)
        {
            if (scores[row] > least || (scores[row] == least && ties-- > 0))
            {
                kept[count++] = new Candidate(row, scores[row]);
            }
        }

        return kept[..count];
    }

    /// <summary>Lists the rows that are as high as a bound; never those at negative infinity.</summary>
    internal static void Collect(ReadOnlySpan<float> scores, float bound, List<int> rows)
    {
        rows.Clear();
        bound = Math.Max(bound, float.MinValue);
        var row = 0;
        if (Vector128.IsHardwareAccelerated)
        {
            var least = Vector256.Create(bound);
            ref var first = ref MemoryMarshal.GetReference(scores);
            for (; row + 32 <= scores.Length; row += 32)
            {
                var reaching = BestCandidates.Reaching(ref first, row, least) | (BestCandidates.Reaching(ref first, row + 8, least) << 8)
                    | (BestCandidates.Reaching(ref first, row + 16, least) << 16) | (BestCandidates.Reaching(ref first, row + 24, least) << 24);
                for (; reaching != 0; reaching &= reaching - 1)
                {
                    rows.Add(row + BitOperations.TrailingZeroCount(reaching));
                }
            }
        }

        for (; row < scores.Length; row++)
        {
            if (scores[row] >= bound)
            {
                rows.Add(row);
            }
        }
    }

    /// <summary>Makes the scores of rows exact; returns the n-th highest of them.</summary>
    private static float ScoreInFull(int n, List<int> rows, Span<float> scores, CatalogueSnapshot catalogue, Scratch scratch)
    {
        foreach (var row in rows)
        {
            scores[row] = TensorPrimitives.Dot(CandidateFeatures.Of(row, catalogue, scratch), scratch.CandidateWeights);
        }

        return NthHighest(n, rows, scores, scratch);
    }

    /// <summary>The n-th highest score of rows; negative infinity when there are fewer.</summary>
    private static float NthHighest(int n, List<int> rows, ReadOnlySpan<float> scores, Scratch scratch)
    {
        if (rows.Count < n)
        {
            return float.NegativeInfinity;
        }

        var values = scratch.Gather(rows.Count);
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = scores[rows[i]];
        }

        return BestCandidates.NthHighest(values, n);
    }
}
