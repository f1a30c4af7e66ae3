using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>The second stage: orders the candidates by the exact sum of their parts.</summary>
internal static class CandidateRanking
{
    /// <summary>Scores and sorts candidates.</summary>
    public static void Order(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        Sum(candidates, catalogue, scratch);
        var best = double.NegativeInfinity;
        foreach (var candidate in candidates)
        {
            best = Math.Max(best, candidate.Score);
        }

        scratch.BestSum = best;
        catalogue.Model.Ranker.Interplay?.Place(scratch.Context, scratch.Situation);
        AddInterplay(candidates, catalogue, scratch);
        candidates.Sort();
    }

    /// <summary>Scores and sorts more candidates, as if they had been behind those that <see cref="Order"/> had.</summary>
    public static void OrderFurther(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        Sum(candidates, catalogue, scratch);
        AddInterplay(candidates, catalogue, scratch);
        candidates.Sort();
    }

    /// <summary>What the features of the title in a row are worth together: a part of its score.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sum">The sum of all other parts.</param>
    /// <param name="catalogue">The catalogue; its model has a network, or the answer is 0.</param>
    /// <param name="scratch">As <see cref="Order"/> left it.</param>
    public static double Interplay(int row, double sum, CatalogueSnapshot catalogue, Scratch scratch) =>
        catalogue.Model.Ranker.Interplay?.Evaluate(scratch.Situation, CandidateFeatures.Of(row, catalogue, scratch), (float)(sum - scratch.BestSum)) ?? 0;

    /// <summary>What one feature adds to the score of the title in a row.</summary>
    public static double Part(int row, int feature, CatalogueSnapshot catalogue, Scratch scratch) =>
        (double)scratch.RankingWeights[feature] * CandidateFeatures.Of(row, catalogue, scratch)[feature];

    private static void Sum(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        ReadOnlySpan<float> weights = scratch.RankingWeights;
        foreach (ref var candidate in candidates)
        {
            var features = CandidateFeatures.Of(candidate.Row, catalogue, scratch);
            double sum = 0;
            for (var feature = 0; feature < features.Length; feature++)
            {
                sum += (double)weights[feature] * features[feature];
            }

            candidate = candidate with { Score = sum };
        }
    }

    private static void AddInterplay(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (catalogue.Model.Ranker.Interplay is not null)
        {
            foreach (ref var candidate in candidates)
            {
                candidate = candidate with { Score = candidate.Score + Interplay(candidate.Row, candidate.Score, catalogue, scratch) };
            }
        }
    }
}
