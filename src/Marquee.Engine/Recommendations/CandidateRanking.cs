using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>The second stage: orders the candidates by the exact sum of their parts.</summary>
internal static class CandidateRanking
{
    /// <summary>Scores and sorts candidates.</summary>
    public static void Order(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var best = double.NegativeInfinity;
        foreach (ref var candidate in candidates)
        {
            candidate = candidate with { Score = Sum(candidate.Row, catalogue, scratch) };
            best = Math.Max(best, candidate.Score);
        }

        scratch.BestSum = best;
        AddInterplay(candidates, catalogue, scratch);
        candidates.Sort();
    }

    /// <summary>Scores and sorts more candidates, as if they had been behind those that <see cref="Order"/> had.</summary>
    public static void OrderFurther(Span<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        foreach (ref var candidate in candidates)
        {
            candidate = candidate with { Score = Sum(candidate.Row, catalogue, scratch) };
        }

        AddInterplay(candidates, catalogue, scratch);
        candidates.Sort();
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

    /// <summary>What the features of the title in a row are worth together: a part of its score.</summary>
    /// <param name="row">The row.</param>
    /// <param name="sum">The sum of all other parts.</param>
    /// <param name="catalogue">The catalogue; its model has a network, or the answer is 0.</param>
    /// <param name="scratch">As <see cref="Order"/> left it.</param>
    public static double Interplay(int row, double sum, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (catalogue.Model.Ranker.Interplay is not { } network)
        {
            return 0;
        }

        Span<float> input = stackalloc float[network.Inputs];
        CopyInput(row, sum - scratch.BestSum, catalogue, scratch, input);
        return network.Evaluate(input);
    }

    /// <summary>The input of the network for the title in a row: its features, the viewer's situation, its distance to the best candidate.</summary>
    public static void CopyInput(int row, double behind, CatalogueSnapshot catalogue, Scratch scratch, Span<float> input)
    {
        var columns = catalogue.Blocks[row / CatalogueBlock.Rows].Columns.AsSpan(row % CatalogueBlock.Rows);
        for (var feature = 0; feature < TitleFeatures.Count; feature++)
        {
            input[feature] = columns[feature * CatalogueBlock.Rows];
        }

        var tastes = input[TitleFeatures.Count..];
        for (var feature = 0; feature < TasteFeatures.Count; feature++)
        {
            tastes[feature] = scratch.Taste[feature][row];
        }

        scratch.Context.CopyTo(tastes[TasteFeatures.Count..]);
        input[^1] = InterplayNetwork.BehindScale * (float)behind;
    }

    private static double Sum(int row, CatalogueSnapshot catalogue, Scratch scratch)
    {
        ReadOnlySpan<float> weights = scratch.RankingWeights;
        double sum = 0;
        var columns = catalogue.Blocks[row / CatalogueBlock.Rows].Columns.AsSpan(row % CatalogueBlock.Rows);
        for (var feature = 0; feature < TitleFeatures.Count; feature++)
        {
            sum += (double)weights[feature] * columns[feature * CatalogueBlock.Rows];
        }

        for (var feature = 0; feature < TasteFeatures.Count; feature++)
        {
            sum += (double)weights[TitleFeatures.Count + feature] * scratch.Taste[feature][row];
        }

        return sum;
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
