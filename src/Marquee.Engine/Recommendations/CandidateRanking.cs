using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>The second stage: orders the candidates by the exact sum of their parts.</summary>
internal static class CandidateRanking
{
    /// <summary>Scores and sorts candidates.</summary>
    public static void Order(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        ReadOnlySpan<float> weights = scratch.RankingWeights;
        var titleWeights = weights[..TitleFeatures.Count];
        var tasteWeights = weights[TitleFeatures.Count..];
        var tastes = scratch.Taste;
        foreach (ref var candidate in candidates)
        {
            double score = 0;
            var columns = catalogue.Blocks[candidate.Row / CatalogueBlock.Rows].Columns.AsSpan(candidate.Row % CatalogueBlock.Rows);
            for (var feature = 0; feature < titleWeights.Length; feature++)
            {
                score += (double)titleWeights[feature] * columns[feature * CatalogueBlock.Rows];
            }

            for (var feature = 0; feature < tasteWeights.Length; feature++)
            {
                score += (double)tasteWeights[feature] * tastes[feature][candidate.Row];
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
