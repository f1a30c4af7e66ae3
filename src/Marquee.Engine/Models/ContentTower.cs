using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Models;

/// <summary>Metadata to embedding: a linear map over hashed features, ridge-regressed onto trained title embeddings. Immutable.</summary>
public sealed class ContentTower
{
    private const int FirstCombination = ContentFeatures.Buckets + (3 * TitleEntry.Years);

    private readonly Dictionary<int, int> _rows;

    /// <summary>Creates a tower.</summary>
    /// <param name="dimension">d.</param>
    /// <param name="features">Feature ids, see <see cref="FeaturesOf"/>; n of them.</param>
    /// <param name="weights">float32[n + 1, d], row-major; the last row is the intercept.</param>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public ContentTower(int dimension, int[] features, float[] weights)
    {
        if (weights.Length != (features.Length + 1) * dimension)
        {
            throw new ArgumentException($"{features.Length} features and an intercept of {dimension} dimensions take {(features.Length + 1) * dimension} numbers, not {weights.Length}.");
        }

        (Dimension, Features, Weights) = (dimension, features, weights);
        _rows = new Dictionary<int, int>(features.Length);
        for (var i = 0; i < features.Length; i++)
        {
            _rows[features[i]] = i;
        }
    }

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Feature ids in row order.</summary>
    public int[] Features { get; }

    /// <summary>float32[n + 1, d].</summary>
    public float[] Weights { get; }

    /// <summary>The features of a title: hashed genres and details, their combinations, and the years around its release.</summary>
    /// <remarks>Years come as overlapping five-year steps after the last bucket, so that neighbouring years share strength.</remarks>
    public static IEnumerable<int> FeaturesOf(TitleEntry title)
    {
        foreach (var bucket in title.Genres)
        {
            yield return bucket;
        }

        foreach (var bucket in title.Details)
        {
            yield return bucket;
        }

        if (title.YearSlot >= 0)
        {
            yield return ContentFeatures.Buckets + title.YearSlot;
            yield return ContentFeatures.Buckets + TitleEntry.Years + (title.YearSlot / 3);
            yield return ContentFeatures.Buckets + (2 * TitleEntry.Years) + (title.YearSlot / 10);
        }

        foreach (var bucket in title.Metadata is { } metadata ? ContentCombinations.Of(metadata, title.YearSlot) : [])
        {
            yield return FirstCombination + bucket;
        }
    }

    /// <summary>Whether a feature is a single value of the metadata or a year, not one of <see cref="ContentCombinations"/>.</summary>
    public static bool IsSingle(int feature) => feature < FirstCombination;

    /// <summary>Predicts an embedding; unknown features count nothing.</summary>
    /// <param name="title">The title.</param>
    /// <param name="embedding">float32[d], overwritten.</param>
    public void Predict(TitleEntry title, Span<float> embedding)
    {
        Weights.AsSpan(Features.Length * Dimension, Dimension).CopyTo(embedding);
        foreach (var feature in FeaturesOf(title))
        {
            if (_rows.TryGetValue(feature, out var row))
            {
                TensorPrimitives.Add(embedding, Weights.AsSpan(row * Dimension, Dimension), embedding);
            }
        }
    }
}
