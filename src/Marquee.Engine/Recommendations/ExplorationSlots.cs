using System.Numerics;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Gives a few slots of a slate to titles that hardly anyone has judged yet, each with a known chance.</summary>
/// <remarks>
/// <para>How many: share × slots, its fraction as a chance of one more. Where: below the first <see cref="Untouched"/> titles,
/// anywhere in an equal part of the rest for each. The titles behind move down by one; the last falls off.</para>
/// <para>How uncertain: κ / (κ + events), the newcomer model's share of a score. It is the posterior variance of what a title's
/// own events add to its metadata, as a part of the variance before any event, where κ events weigh as much as the metadata
/// (normal model with known variance). The covariance of the embeddings is not used.</para>
/// <para>Which: the <see cref="MostCandidates"/> best of the titles whose score is mostly the newcomer model's opinion, dealt
/// out to the slots. Each slot draws one of its own, with a chance in proportion to uncertainty × e^score (Boltzmann
/// exploration), mixed with <see cref="Evenly"/> of an even chance: so no chance is so small that its inverse, by which what
/// came of it is weighted (Horvitz, Thompson 1952), has no bound. Slots draw from disjoint titles, so the chance that is told
/// is exactly the chance that the title was explored in this slate.</para>
/// </remarks>
internal static class ExplorationSlots
{
    /// <summary>The first titles of a slate are never explored.</summary>
    public const int Untouched = 3;

    /// <summary>How many titles all slots together draw from.</summary>
    public const int MostCandidates = 48;

    /// <summary>The part of the chance that is the same for all.</summary>
    public const double Evenly = 0.1;

    /// <summary>The least share of the newcomer model in a score that counts as uncertain: up to 16 events.</summary>
    public const float LeastUncertainty = 0.2f;

    /// <summary>Puts explored titles into a slate.</summary>
    /// <param name="exploration">Null: none.</param>
    /// <param name="chosen">The slate; its length stays.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">Holds the filtered scores of the first stage and the weights of the second.</param>
    /// <returns>What was explored, by position.</returns>
    public static IReadOnlyList<ExploredSlot> Fill(Exploration? exploration, List<Candidate> chosen, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (exploration is null || chosen.Count <= Untouched)
        {
            return [];
        }

        var random = new SplitMix64(exploration.Seed);
        var wanted = Math.Clamp(exploration.Share, 0, Exploration.MostShare) * chosen.Count;
        var certain = (int)wanted;
        var chanceOfMore = wanted - certain;
        var slots = certain + (chanceOfMore > 0 ? 1 : 0);
        var drawn = random.NextDouble() < chanceOfMore ? slots : certain;
        if (drawn == 0)
        {
            return [];
        }

        var candidates = Uncertain(chosen, catalogue, scratch);
        var explored = new List<ExploredSlot>(drawn);
        for (var slot = 0; slot < drawn; slot++)
        {
            var begin = Untouched + (slot * (chosen.Count - Untouched) / slots);
            var end = Untouched + ((slot + 1) * (chosen.Count - Untouched) / slots);
            var position = begin + (int)(random.NextDouble() * (end - begin));
            if (slot < candidates.Length)
            {
                var (title, chance) = Draw(candidates, slot, slots, random.NextDouble(), catalogue);
                chosen.RemoveAt(chosen.Count - 1);
                chosen.Insert(position, title);
                explored.Add(new ExploredSlot(position, chance * (slot < certain ? 1 : chanceOfMore)));
            }
        }

        return explored;
    }

    /// <summary>Best first; valid until candidates are kept again.</summary>
    private static Span<Candidate> Uncertain(List<Candidate> chosen, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var scores = scratch.UncertainScores(catalogue.Blocks.Length * CatalogueBlock.Rows);
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var shares = catalogue.Blocks[i].Column(CatalogueBlock.NewcomerShare);
            var own = scratch.Scores.AsSpan(i * CatalogueBlock.Rows, shares.Length);
            KeepUncertain(shares, own, scores.Slice(i * CatalogueBlock.Rows, shares.Length));
        }

        foreach (var candidate in chosen)
        {
            scores[candidate.Row] = float.NegativeInfinity;
        }

        var kept = CandidateSelection.Keep(MostCandidates, scores, catalogue, scratch);
        CandidateRanking.OrderFurther(kept, catalogue, scratch);
        return kept;
    }

    /// <summary>kept[i] := shares[i] ≥ <see cref="LeastUncertainty"/> ? scores[i] : −∞.</summary>
    internal static void KeepUncertain(ReadOnlySpan<float> shares, ReadOnlySpan<float> scores, Span<float> kept)
    {
        var i = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var (least, none) = (new Vector<float>(LeastUncertainty), new Vector<float>(float.NegativeInfinity));
            for (; i + Vector<float>.Count <= shares.Length; i += Vector<float>.Count)
            {
                var uncertain = Vector.GreaterThanOrEqual(new Vector<float>(shares[i..]), least);
                Vector.ConditionalSelect(uncertain, new Vector<float>(scores[i..]), none).CopyTo(kept[i..]);
            }
        }

        for (; i < shares.Length; i++)
        {
            kept[i] = shares[i] >= LeastUncertainty ? scores[i] : float.NegativeInfinity;
        }
    }

    /// <summary>Draws one of a slot's own titles.</summary>
    /// <param name="candidates">Those of all slots, dealt out to them in turn.</param>
    /// <param name="slot">The slot; there is a title for it.</param>
    /// <param name="slots">How many slots there are.</param>
    /// <param name="at">From 0 to below 1.</param>
    /// <param name="catalogue">The catalogue.</param>
    private static (Candidate Title, double Chance) Draw(ReadOnlySpan<Candidate> candidates, int slot, int slots, double at, CatalogueSnapshot catalogue)
    {
        var own = (candidates.Length - slot + slots - 1) / slots;
        Span<double> weights = stackalloc double[MostCandidates];
        double total = 0;
        for (var i = 0; i < own; i++)
        {
            // The first is the best, so that no weight overflows.
            var (row, score) = candidates[slot + (i * slots)];
            var share = catalogue.Blocks[row / CatalogueBlock.Rows].Column(CatalogueBlock.NewcomerShare)[row % CatalogueBlock.Rows];
            total += weights[i] = share * Math.Exp(score - candidates[slot].Score);
        }

        double sum = 0;
        for (var i = 0; ; i++)
        {
            var chance = (Evenly / own) + ((1 - Evenly) * weights[i] / total);
            sum += chance;
            if (at < sum || i == own - 1)
            {
                return (candidates[slot + (i * slots)], chance);
            }
        }
    }

    /// <summary>SplitMix64 (Steele, Lea, Flood 2014): the same numbers on every machine and runtime.</summary>
    private struct SplitMix64(ulong state)
    {
        /// <summary>The next number, from 0 to below 1.</summary>
        public double NextDouble()
        {
            state += 0x9E3779B97F4A7C15;
            var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
        }
    }
}

/// <summary>An explored slot.</summary>
/// <param name="Position">Index in the slate.</param>
/// <param name="Propensity">The chance that this title was explored in this slate.</param>
internal readonly record struct ExploredSlot(int Position, double Propensity);
