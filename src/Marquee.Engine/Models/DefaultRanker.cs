using Marquee.Engine.Recommendations;

namespace Marquee.Engine.Models;

/// <summary>The ranker that comes with the program, for catalogues that nothing was trained on yet.</summary>
internal static class DefaultRanker
{
    /// <summary>The ranker.</summary>
    public static readonly AdditiveRanker Instance = Create();

    private static AdditiveRanker Create()
    {
        var features = TasteFeatures.AllNames;
        var contexts = TasteContext.Names;
        var weights = new float[features.Length * contexts.Length];
        ReadOnlySpan<(string Feature, float Weight)> always =
        [
            ("trend.hours", 0.3f), ("trend.days", 0.5f), ("trend.weeks", 0.5f), ("trend.months", 0.5f), ("popularity", 1f),
            ("firstSeen", -0.4f), ("idle", -0.3f), ("releaseAge", -0.2f), ("releasedThisYear", 0.3f), ("approval", 0.4f),
            ("volume", 0.3f), ("transition.log", 0.5f), ("next.log", 0.3f), ("coWatch", 0.4f), ("coWatch.log", 0.5f),
            ("year", 1f), ("genre", 1f), ("detail", 1f), ("embedding", 1f), ("embedding.recent", 2f), ("newcomer", 1f), ("sequence", 1f),
        ];
        foreach (var (feature, weight) in always)
        {
            weights[Array.IndexOf(features, feature) * contexts.Length] = weight;
        }

        return new AdditiveRanker(features, contexts, weights, new float[weights.Length]);
    }
}
