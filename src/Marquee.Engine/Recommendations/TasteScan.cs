using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Computes the viewer's features of every title, into the columns of the scratch.</summary>
internal static class TasteScan
{
    /// <summary>How many of the newest titles ask their transitions, and how fast they fade.</summary>
    public const int TransitionReach = 8;

    /// <summary>Weight of each older title against the next newer one, for transitions.</summary>
    public const float TransitionFade = 0.8f;

    /// <summary>How many of the newest titles ask their co-watches.</summary>
    public const int CoWatchReach = 40;

    /// <summary>Weight of each older title against the next newer one, for co-watches.</summary>
    public const float CoWatchFade = 0.93f;

    /// <summary>Events that a source title is short of before its transitions are believed.</summary>
    public const float TransitionShrinkage = 5;

    private const int ProfileReach = 30;
    private const float ProfileFade = 0.92f;
    private const float YearFade = 0.9f;

    /// <summary>Fills all columns of <see cref="TasteFeatures"/>.</summary>
    public static void Run(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        scratch.Reset(catalogue.Blocks.Length);
        if (taste.Recent.Length == 0)
        {
            ClearDense(scratch);
            return;
        }

        AddNeighbours(taste, catalogue, scratch);
        AddContent(taste, catalogue, scratch);
        AddEmbeddings(taste, catalogue, scratch);
    }

    /// <summary>Fills the columns that compare metadata with the viewer's past, and no others.</summary>
    public static void RunContent(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        scratch.Reset(catalogue.Blocks.Length);
        if (taste.Recent.Length == 0)
        {
            ClearDense(scratch);
            return;
        }

        AddContent(taste, catalogue, scratch);
    }

    private static void ClearDense(Scratch scratch)
    {
        for (var feature = TasteFeatures.LastOfNeighbours + 1; feature < TasteFeatures.Newcomer; feature++)
        {
            scratch.Clear(feature);
        }
    }

    /// <summary>How much one title of the past adds to a neighbour by transitions; <paramref name="age"/> counts newer titles.</summary>
    public static float TransitionWeight(TitleEntry source, int age) =>
        MathF.Pow(TransitionFade, age) / (source.Statistics.Positives + TransitionShrinkage);

    /// <summary>How much one title of the past adds to a neighbour by co-watches.</summary>
    public static float CoWatchWeight(TitleEntry source, int age) =>
        MathF.Pow(CoWatchFade, age) / MathF.Sqrt(source.Statistics.Positives + 10);

    private static void AddNeighbours(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var transition = scratch.Taste[TasteFeatures.Transition];
        var next = scratch.Taste[TasteFeatures.Next];
        var together = scratch.Taste[TasteFeatures.CoWatch];
        var recent = taste.Recent;
        for (var age = 0; age < CoWatchReach && age < recent.Length; age++)
        {
            if (Find(catalogue, recent[^(age + 1)].Title) is not { } source)
            {
                continue;
            }

            var follow = age < TransitionReach ? TransitionWeight(source, age) : 0;
            var with = CoWatchWeight(source, age);
            var numbers = source.Neighbours.Numbers;
            for (var i = 0; i < numbers.Length; i++)
            {
                var row = catalogue.RowOf(numbers[i]);
                var (followed, liked) = (follow * source.Neighbours.Transitions[i], with * source.Neighbours.CoWatches[i]);
                if (row < 0 || (followed == 0 && liked == 0))
                {
                    continue;
                }

                if (transition[row] == 0 && together[row] == 0)
                {
                    scratch.Touched[scratch.TouchedCount++] = row;
                }

                transition[row] += followed;
                together[row] += liked;
                if (age == 0)
                {
                    next[row] = followed;
                }
            }
        }

        Shape(catalogue, scratch);
    }

    /// <summary>Turns the sums into features of order one: gathers those of the touched rows, so that the logarithms go several at a time.</summary>
    private static void Shape(CatalogueSnapshot catalogue, Scratch scratch)
    {
        var rows = scratch.Touched.AsSpan(0, scratch.TouchedCount);
        if (scratch.Gathered.Length < 2 * rows.Length)
        {
            scratch.Gathered = new float[4 * rows.Length];
        }

        var values = scratch.Gathered.AsSpan(0, rows.Length);
        var logarithms = scratch.Gathered.AsSpan(rows.Length, rows.Length);
        Gather(scratch.Taste[TasteFeatures.Transition], rows, values);
        Shape(values, logarithms, rows, scratch, TasteFeatures.Transition, TasteFeatures.TransitionLog);
        Gather(scratch.Taste[TasteFeatures.Next], rows, values);
        Shape(values, logarithms, rows, scratch, TasteFeatures.Next, TasteFeatures.NextLog);

        Gather(scratch.Taste[TasteFeatures.CoWatch], rows, values);
        Logarithm(values, 1, 0.5f, logarithms);
        Scatter(logarithms, rows, scratch.Taste[TasteFeatures.CoWatchVolume]);
        for (var i = 0; i < rows.Length; i++)
        {
            var (block, slot) = (rows[i] / CatalogueBlock.Rows, rows[i] % CatalogueBlock.Rows);
            values[i] *= catalogue.Blocks[block].Columns[(CatalogueBlock.Rarity * CatalogueBlock.Rows) + slot];
        }

        Logarithm(values, 100, 0.3f, logarithms);
        Scatter(logarithms, rows, scratch.Taste[TasteFeatures.CoWatchLog]);
        Cap(values, 3);
        Scatter(values, rows, scratch.Taste[TasteFeatures.CoWatch]);
    }

    private static void Shape(Span<float> values, Span<float> logarithms, ReadOnlySpan<int> rows, Scratch scratch, int feature, int logarithm)
    {
        Logarithm(values, 300, 0.5f, logarithms);
        Scatter(logarithms, rows, scratch.Taste[logarithm]);
        Cap(values, 10);
        Scatter(values, rows, scratch.Taste[feature]);
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

    private static void Gather(float[] column, ReadOnlySpan<int> rows, Span<float> values)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            values[i] = column[rows[i]];
        }
    }

    private static void Scatter(ReadOnlySpan<float> values, ReadOnlySpan<int> rows, float[] column)
    {
        for (var i = 0; i < rows.Length; i++)
        {
            column[rows[i]] = values[i];
        }
    }

    private static void AddEmbeddings(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (catalogue.Model.Embeddings is not { } model)
        {
            scratch.Clear(TasteFeatures.Embedding);
            scratch.Clear(TasteFeatures.EmbeddingRecent);
            return;
        }

        var folded = taste.Fold(model, (m, t) => FoldedTaste.Of(m, t, catalogue.Titles));
        EmbeddingScan.Run(catalogue.Blocks, folded, scratch.Column(TasteFeatures.Embedding), scratch.Column(TasteFeatures.EmbeddingRecent));
    }

    private static void AddContent(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        Profile(taste, catalogue, scratch);
        var content = catalogue.Content;
        if (scratch.Combinations.Length < content.CombinationCount)
        {
            scratch.Combinations = new float[content.CombinationCount];
        }

        content.Overlaps(scratch.GenreProfile, scratch.Combinations);
        LookUp(scratch.YearProfile, content.Years, scratch.Column(TasteFeatures.Year));
        LookUp(scratch.Combinations, content.Combinations, scratch.Column(TasteFeatures.Genre));

        scratch.Clear(TasteFeatures.Detail);
        var detail = scratch.Column(TasteFeatures.Detail);
        foreach (var bucket in scratch.DetailBuckets)
        {
            var share = scratch.DetailProfile[bucket];
            foreach (var row in content.RowsOf(bucket))
            {
                detail[row] += share * content.DetailScales[row];
            }
        }
    }

    /// <summary>column[row] := table[slots[row]].</summary>
    /// <remarks>Without bounds checks, which would take a third of the time: slots are made for their table.</remarks>
    private static void LookUp<TSlot>(float[] table, TSlot[] slots, Span<float> column)
        where TSlot : unmanaged, IBinaryInteger<TSlot>
    {
        ref var values = ref MemoryMarshal.GetArrayDataReference(table);
        ref var results = ref MemoryMarshal.GetReference(column[..slots.Length]);
        for (var row = 0; row < slots.Length; row++)
        {
            Unsafe.Add(ref results, row) = Unsafe.Add(ref values, int.CreateTruncating(slots[row]));
        }
    }

    private static void Profile(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var recent = taste.Recent;
        float weight = 1, total = 1, yearWeight = 1, yearTotal = 0.5f;
        for (var age = 0; age < ProfileReach && age < recent.Length; age++)
        {
            var entry = recent[^(age + 1)];
            if (Find(catalogue, entry.Title) is not { } title)
            {
                continue;
            }

            var strength = weight * (entry.IsPositive ? 1 : 0.3f);
            Add(scratch.GenreProfile, scratch.GenreBuckets, title.Genres, strength);
            Add(scratch.DetailProfile, scratch.DetailBuckets, title.Details, strength);
            total += strength;
            weight *= ProfileFade;
            if (title.YearSlot >= 0)
            {
                AddYear(scratch.YearProfile, title.YearSlot, yearWeight);
                yearTotal += yearWeight;
            }

            yearWeight *= YearFade;
        }

        Divide(scratch.GenreProfile, scratch.GenreBuckets, total);
        Divide(scratch.DetailProfile, scratch.DetailBuckets, total);
        foreach (ref var share in scratch.YearProfile.AsSpan())
        {
            share /= yearTotal;
        }
    }

    private static void Add(float[] profile, List<int> buckets, int[] features, float strength)
    {
        var each = strength / MathF.Sqrt(Math.Max(1, features.Length));
        foreach (var bucket in features)
        {
            if (profile[bucket] == 0)
            {
                buckets.Add(bucket);
            }

            profile[bucket] += each;
        }
    }

    private static void Divide(float[] profile, List<int> buckets, float total)
    {
        foreach (var bucket in buckets)
        {
            profile[bucket] /= total;
        }
    }

    private static void AddYear(float[] profile, int year, float weight)
    {
        for (var other = Math.Max(0, year - 12); other < Math.Min(TitleEntry.Years, year + 12); other++)
        {
            // The first slot is for titles without a year.
            profile[other + 1] += weight * MathF.Exp(-Math.Abs(other - year) / 3f);
        }
    }

    private static TitleEntry? Find(CatalogueSnapshot catalogue, int number) =>
        catalogue.RowOf(number) is >= 0 and var row ? catalogue[row] : null;
}
