using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Engine.Models;

/// <summary>What a title that hardly anyone has watched is worth to a viewer, from metadata and the viewer's past alone. Immutable.</summary>
/// <remarks>
/// The score is Σ feature × weight, each weight linear in the viewer's situation (<see cref="TasteContext"/>), like that of
/// <see cref="AdditiveRanker"/>. Trained on titles whose own events are withheld, the idea of DropoutNet (Volkovs, Yu,
/// Poutanen 2017): what a feature is worth beside a title's own popularity and neighbours says little of what it is worth
/// without them.
/// </remarks>
public sealed class NewcomerModel
{
    /// <summary>Index of the promise: how much engagement the metadata predicts.</summary>
    public const int Promise = 0;

    /// <summary>Index of how close the release is to those of the viewer's titles.</summary>
    public const int Year = 1;

    /// <summary>Index of how much the genres are the viewer's.</summary>
    public const int Genre = 2;

    /// <summary>Index of how much the people, tags, languages and so on are the viewer's.</summary>
    public const int Detail = 3;

    /// <summary>Index of the inner product of predicted embedding and viewer.</summary>
    public const int Embedding = 4;

    /// <summary>Index of the same, the viewer's recent positives ahead.</summary>
    public const int EmbeddingRecent = 5;

    /// <summary>Index of the first age; one feature for each of <see cref="Ages"/>, and one more for an unknown age.</summary>
    public const int FirstAge = 6;

    /// <summary>Index of the inner product of predicted embedding and viewer over the length of the latter.</summary>
    /// <remarks>Like the next one never computed for a title: <see cref="Direct"/> counts its weight with that of <see cref="Embedding"/>.</remarks>
    public const int Direction = 19;

    /// <summary>Index of the same, the viewer's recent positives ahead.</summary>
    public const int DirectionRecent = Direction + 1;

    /// <summary>How many events of a title weigh as much as the model: its share of the score is κ / (κ + events).</summary>
    public const float Weight = 4;

    private readonly Dictionary<int, float> _promises;

    /// <summary>Creates a model.</summary>
    /// <param name="features">Ids of n metadata features, see <see cref="ContentTower.FeaturesOf"/>.</param>
    /// <param name="promises">float32[n + 1]: what each adds to the promise; last the intercept.</param>
    /// <param name="weights">float32[<see cref="Count"/>, <see cref="TasteContext.Count"/>], row-major; those of models from before there were the last two features may be missing.</param>
    /// <exception cref="ArgumentException">The lengths disagree.</exception>
    public NewcomerModel(int[] features, float[] promises, float[] weights)
    {
        if (weights.Length == Direction * TasteContext.Count)
        {
            weights = [.. weights, .. new float[(Count - Direction) * TasteContext.Count]];
        }

        if (promises.Length != features.Length + 1 || weights.Length != Count * TasteContext.Count)
        {
            throw new ArgumentException($"{features.Length} features take {features.Length + 1} promises and {Count * TasteContext.Count} weights, not {promises.Length} and {weights.Length}.");
        }

        (Features, Promises, Weights) = (features, promises, weights);
        _promises = new Dictionary<int, float>(features.Length);
        for (var i = 0; i < features.Length; i++)
        {
            _promises[features[i]] = promises[i];
        }
    }

    /// <summary>Years since release at which the age features peak; between two of them both count in proportion.</summary>
    public static ReadOnlySpan<float> Ages => [-1, -0.25f, 0.25f, 0.75f, 1.25f, 2, 3, 5, 8, 13, 20, 40];

    /// <summary>How many features there are.</summary>
    public static int Count => DirectionRecent + 1;

    /// <summary>Ids of the metadata features, in order.</summary>
    public int[] Features { get; }

    /// <summary>float32[n + 1].</summary>
    public float[] Promises { get; }

    /// <summary>float32[<see cref="Count"/>, <see cref="TasteContext.Count"/>].</summary>
    public float[] Weights { get; }

    /// <summary>The share that the model has in the score of a title, 1 before its first event.</summary>
    /// <param name="events">Verdicts or positives, whichever are more.</param>
    public static float ShareOf(long events) => Weight / (Weight + events);

    /// <summary>The promise of a title; unknown features count nothing.</summary>
    public float PromiseOf(TitleEntry title)
    {
        var promise = Promises[^1];
        foreach (var feature in ContentTower.FeaturesOf(title))
        {
            promise += _promises.GetValueOrDefault(feature);
        }

        return promise;
    }

    /// <summary>The weights in a situation.</summary>
    /// <param name="context">float32[<see cref="TasteContext.Count"/>].</param>
    /// <param name="weights">float32[<see cref="Count"/>], overwritten.</param>
    public void Weigh(ReadOnlySpan<float> context, Span<float> weights)
    {
        for (var feature = 0; feature < Count; feature++)
        {
            float sum = 0;
            for (var i = 0; i < context.Length; i++)
            {
                sum += Weights[(feature * context.Length) + i] * context[i];
            }

            weights[feature] = sum;
        }
    }

    /// <summary>Adds the weights of the directions, over the lengths of the viewer's embeddings, to those of the inner products.</summary>
    /// <param name="weights">What <see cref="Weigh"/> gave.</param>
    /// <param name="lasting">The viewer's embedding; empty or zeros when there is none.</param>
    /// <param name="recent">The same, recent positives ahead.</param>
    public static void Direct(Span<float> weights, ReadOnlySpan<float> lasting, ReadOnlySpan<float> recent)
    {
        weights[Embedding] += weights[Direction] * InverseLength(lasting);
        weights[EmbeddingRecent] += weights[DirectionRecent] * InverseLength(recent);
    }

    /// <summary>1 / length; 0 of a viewer of whom nothing is known.</summary>
    public static float InverseLength(ReadOnlySpan<float> viewer) =>
        TensorPrimitives.Norm(viewer) is > 1e-6f and var length ? 1 / length : 0;

    /// <summary>Where an age lies between two of <see cref="Ages"/>.</summary>
    /// <param name="years">Years since release.</param>
    /// <param name="second">The share of the later one.</param>
    /// <returns>The index of the earlier one; the later one follows it.</returns>
    public static int PlaceOf(double years, out float second)
    {
        var ages = Ages;
        var age = Math.Clamp((float)years, ages[0], ages[^1]);
        var first = 0;
        while (first < ages.Length - 2 && age > ages[first + 1])
        {
            first++;
        }

        second = (age - ages[first]) / (ages[first + 1] - ages[first]);
        return first;
    }

    /// <summary>What the age adds to the score of a title of each year of release.</summary>
    /// <param name="weights">What <see cref="Weigh"/> gave.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="byYear">float32[<see cref="TitleEntry.Years"/> + 1], overwritten: the first for titles without a year.</param>
    public static void AgesByYear(ReadOnlySpan<float> weights, long now, Span<float> byYear)
    {
        byYear[0] = weights[FirstAge + Ages.Length];
        for (var slot = 0; slot < TitleEntry.Years; slot++)
        {
            var first = PlaceOf(TitleFeatures.YearAt(now) - (TitleEntry.FirstYear + slot), out var second);
            byYear[slot + 1] = ((1 - second) * weights[FirstAge + first]) + (second * weights[FirstAge + first + 1]);
        }
    }
}
