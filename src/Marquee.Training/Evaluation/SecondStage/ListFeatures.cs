using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Training.Evaluation.SecondStage;

/// <summary>What a second stage is told of each candidate of a list.</summary>
/// <remarks>
/// In this order: every named feature as it is; every named feature as a z-score within the list, which a retrained model
/// does not move as it moves the feature itself; the viewer's situation; the engine's own score as a z-score and as the
/// distance to the best, and its rank as a logarithm.
/// </remarks>
public static class ListFeatures
{
    private const float LeastDeviation = 1e-6f;

    private static readonly int Named = TasteFeatures.AllNames.Length;

    /// <summary>Names, in order.</summary>
    public static readonly string[] Names =
    [
        .. TasteFeatures.AllNames, .. TasteFeatures.AllNames.Select(static name => $"{name} in the list"), .. TasteContext.Names,
        "score in the list", "behind the best", "rank",
    ];

    /// <summary>How many features each candidate has.</summary>
    public static readonly int Count = Names.Length;

    /// <summary>Describes candidates.</summary>
    /// <param name="candidates">Best first by the engine's score.</param>
    /// <param name="catalogue">The catalogue that was ranked.</param>
    /// <param name="scratch">As that ranking left it.</param>
    /// <returns>float32[n, <see cref="Count"/>], row-major.</returns>
    internal static float[] Of(ReadOnlySpan<Candidate> candidates, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var features = new float[candidates.Length * Count];
        for (var i = 0; i < candidates.Length; i++)
        {
            var row = features.AsSpan(i * Count, Count);
            CandidateFeatures.Of(candidates[i].Row, catalogue, scratch).CopyTo(row);
            scratch.Context.CopyTo(row[(2 * Named)..]);
            row[^3] = (float)candidates[i].Score;
            row[^2] = (float)(candidates[i].Score - candidates[0].Score);
            row[^1] = MathF.Log2(1 + i);
        }

        for (var feature = 0; feature < Named; feature++)
        {
            Standardise(features, feature, Named + feature);
        }

        Standardise(features, Count - 3, Count - 3);
        return features;
    }

    /// <summary>to := (from − mean) / standard deviation, over all candidates; 0 where all are the same.</summary>
    private static void Standardise(Span<float> features, int from, int to)
    {
        double sum = 0, squares = 0;
        for (var at = from; at < features.Length; at += Count)
        {
            sum += features[at];
            squares += (double)features[at] * features[at];
        }

        var n = features.Length / Count;
        var mean = sum / n;
        var deviation = Math.Sqrt(Math.Max(0, (squares / n) - (mean * mean)));
        for (var at = 0; at < features.Length; at += Count)
        {
            features[at + to] = deviation < LeastDeviation ? 0 : (float)((features[at + from] - mean) / deviation);
        }
    }
}
