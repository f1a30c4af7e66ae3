using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Features that come from what other viewers went on to, or liked together with the viewer's titles: 0 for most titles, so only those they lead to are touched.</summary>
internal static class NeighbourScan
{
    /// <summary>How many of the newest titles ask their transitions, and how fast they fade.</summary>
    public const int TransitionReach = 8;

    /// <summary>Weight of each older title against the next newer one, for transitions.</summary>
    public const float TransitionFade = 0.8f;

    /// <summary>How many of the newest titles ask their co-watches.</summary>
    public const int CoWatchReach = PastTitles.Most;

    /// <summary>Weight of each older title against the next newer one, for co-watches.</summary>
    public const float CoWatchFade = 0.93f;

    /// <summary>Events that a source title is short of before its transitions are believed.</summary>
    public const float TransitionShrinkage = 5;

    private static readonly float[] TransitionFades = [.. Enumerable.Range(0, TransitionReach).Select(static age => MathF.Pow(TransitionFade, age))];
    private static readonly float[] CoWatchFades = [.. Enumerable.Range(0, CoWatchReach).Select(static age => MathF.Pow(CoWatchFade, age))];

    /// <summary>Fills the touched titles and their features, from the viewer's past in the scratch.</summary>
    public static void Run(CatalogueSnapshot catalogue, Scratch scratch)
    {
        for (var age = 0; age < scratch.PastCount; age++)
        {
            if (scratch.Past[age] is { } source)
            {
                Add(source, age, catalogue, scratch);
            }
        }

        if (scratch.Touched.Count > 0)
        {
            Shape(catalogue, scratch);
        }
    }

    /// <summary>How much one title of the past adds to a neighbour by transitions; <paramref name="age"/>, below <see cref="TransitionReach"/>, counts newer titles.</summary>
    public static float TransitionWeight(TitleEntry source, int age) =>
        TransitionFades[age] / (source.Statistics.Positives + TransitionShrinkage);

    /// <summary>How much one title of the past adds to a neighbour by co-watches; <paramref name="age"/>, below <see cref="CoWatchReach"/>, counts newer titles.</summary>
    public static float CoWatchWeight(TitleEntry source, int age) =>
        CoWatchFades[age] / MathF.Sqrt(source.Statistics.Positives + 10);

    private static void Add(TitleEntry source, int age, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var follow = age < TransitionReach ? TransitionWeight(source, age) : 0;
        var with = CoWatchWeight(source, age);
        var (numbers, transitions, coWatches) = source.Neighbours;
        scratch.MakeRoomToTouch(numbers.Length);
        var transitionSums = scratch.Neighbours[TasteFeatures.Transition];
        var coWatchSums = scratch.Neighbours[TasteFeatures.CoWatch];
        for (var i = 0; i < numbers.Length; i++)
        {
            var (followed, liked) = (follow * transitions[i], with * coWatches[i]);
            if ((followed == 0 && liked == 0) || scratch.Touch(numbers[i], catalogue) is not (>= 0 and var place))
            {
                continue;
            }

            transitionSums[place] += followed;
            coWatchSums[place] += liked;
            if (age == 0)
            {
                scratch.Neighbours[TasteFeatures.Next][place] = followed;
            }
        }
    }

    /// <summary>Turns the sums into features of order one.</summary>
    private static void Shape(CatalogueSnapshot catalogue, Scratch scratch)
    {
        var rows = CollectionsMarshal.AsSpan(scratch.Touched);
        Span<float> Of(int feature, int count) => scratch.Neighbours[feature].AsSpan(0, count);

        var transition = Of(TasteFeatures.Transition, rows.Length);
        Logarithm(transition, 300, 0.5f, Of(TasteFeatures.TransitionLog, rows.Length));
        Cap(transition, 10);
        var next = Of(TasteFeatures.Next, rows.Length);
        Logarithm(next, 300, 0.5f, Of(TasteFeatures.NextLog, rows.Length));
        Cap(next, 10);

        var together = Of(TasteFeatures.CoWatch, rows.Length);
        Logarithm(together, 1, 0.5f, Of(TasteFeatures.CoWatchVolume, rows.Length));
        for (var i = 0; i < rows.Length; i++)
        {
            together[i] *= catalogue.Blocks[rows[i] / CatalogueBlock.Rows].Columns[(CatalogueBlock.Rarity * CatalogueBlock.Rows) + (rows[i] % CatalogueBlock.Rows)];
        }

        Logarithm(together, 100, 0.3f, Of(TasteFeatures.CoWatchLog, rows.Length));
        Cap(together, 3);
    }

    /// <summary>results := scale · ln(1 + factor · values).</summary>
    private static void Logarithm(ReadOnlySpan<float> values, float factor, float scale, Span<float> results)
    {
        TensorPrimitives.Multiply(values, factor, results);
        TensorPrimitives.Add(results, 1, results);
        TensorPrimitives.Log(results, results);
        TensorPrimitives.Multiply(results, scale, results);
    }

    /// <summary>values := min(factor · values, 5).</summary>
    private static void Cap(Span<float> values, float factor)
    {
        TensorPrimitives.Multiply(values, factor, values);
        TensorPrimitives.Min(values, 5, values);
    }
}
