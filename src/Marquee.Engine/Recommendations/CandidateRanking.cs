using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>The second stage: orders the candidates by the exact sum of their parts.</summary>
internal static class CandidateRanking
{
    /// <summary>Scores and sorts candidates.</summary>
    public static void Order(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        foreach (ref var candidate in candidates)
        {
            double score = 0;
            for (var feature = 0; feature < scratch.RankingWeights.Length; feature++)
            {
                score += Part(candidate.Row, feature, catalogue, scratch);
            }

            candidate = candidate with { Score = score };
        }

        candidates.Sort();
    }

    /// <summary>What one feature adds to the score of the title in a row.</summary>
    public static double Part(int row, int feature, CatalogueSnapshot catalogue, Scratch scratch) =>
        (double)scratch.RankingWeights[feature] * Feature(row, feature, catalogue, scratch);

    /// <summary>The value of one feature of the title in a row.</summary>
    public static float Feature(int row, int feature, CatalogueSnapshot catalogue, Scratch scratch) =>
        feature < TitleFeatures.Count
            ? catalogue.Blocks[row / CatalogueBlock.Rows].Columns[(feature * CatalogueBlock.Rows) + (row % CatalogueBlock.Rows)]
            : scratch.Taste[feature - TitleFeatures.Count][row];
}
