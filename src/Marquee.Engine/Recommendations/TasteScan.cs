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
            return;
        }

        AddNeighbours(taste, catalogue, scratch);
        AddContent(taste, catalogue, scratch);
        if (catalogue.Model.Embeddings is { } model)
        {
            var folded = taste.Fold(model, (m, t) => FoldedTaste.Of(m, t, catalogue.Titles));
            EmbeddingScan.Run(catalogue.Blocks, folded, scratch.Taste[TasteFeatures.Embedding], scratch.Taste[TasteFeatures.EmbeddingRecent]);
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

    /// <summary>Turns the sums into features of order one.</summary>
    private static void Shape(CatalogueSnapshot catalogue, Scratch scratch)
    {
        foreach (var row in scratch.Touched.AsSpan(0, scratch.TouchedCount))
        {
            if (catalogue[row] is not { } title)
            {
                continue;
            }

            var x = scratch.Taste[TasteFeatures.Transition][row];
            scratch.Taste[TasteFeatures.Transition][row] = MathF.Min(10 * x, 5);
            scratch.Taste[TasteFeatures.TransitionLog][row] = 0.5f * MathF.Log(1 + (300 * x));
            x = scratch.Taste[TasteFeatures.Next][row];
            scratch.Taste[TasteFeatures.Next][row] = MathF.Min(10 * x, 5);
            scratch.Taste[TasteFeatures.NextLog][row] = 0.5f * MathF.Log(1 + (300 * x));
            x = scratch.Taste[TasteFeatures.CoWatch][row];
            var lift = x / MathF.Sqrt(title.Statistics.Positives + 20);
            scratch.Taste[TasteFeatures.CoWatch][row] = MathF.Min(3 * lift, 5);
            scratch.Taste[TasteFeatures.CoWatchLog][row] = 0.3f * MathF.Log(1 + (100 * lift));
            scratch.Taste[TasteFeatures.CoWatchVolume][row] = 0.5f * MathF.Log(1 + x);
        }
    }

    private static void AddContent(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        Profile(taste, catalogue, scratch);
        var year = scratch.Taste[TasteFeatures.Year];
        var genre = scratch.Taste[TasteFeatures.Genre];
        var detail = scratch.Taste[TasteFeatures.Detail];
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var content = catalogue.Blocks[i].Content;
            var start = i * CatalogueBlock.Rows;
            for (var slot = 0; slot < CatalogueBlock.Rows; slot++)
            {
                year[start + slot] = content.Years[slot] >= 0 ? scratch.YearProfile[content.Years[slot]] : 0;
            }

            Overlap(scratch.GenreProfile, content.Genres, content.GenreEnds, genre.AsSpan(start, CatalogueBlock.Rows));
            Overlap(scratch.DetailProfile, content.Details, content.DetailEnds, detail.AsSpan(start, CatalogueBlock.Rows));
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
        for (var other = Math.Max(0, year - 12); other < Math.Min(profile.Length, year + 12); other++)
        {
            profile[other] += weight * MathF.Exp(-Math.Abs(other - year) / 3f);
        }
    }

    /// <summary>The mean-root overlap of a profile with each row's features: Σ profile / √(number of features).</summary>
    private static void Overlap(float[] profile, int[] features, int[] ends, Span<float> overlaps)
    {
        var begin = 0;
        for (var slot = 0; slot < ends.Length; slot++)
        {
            float sum = 0;
            for (var i = begin; i < ends[slot]; i++)
            {
                sum += profile[features[i]];
            }

            overlaps[slot] = sum == 0 ? 0 : sum / MathF.Sqrt(ends[slot] - begin);
            begin = ends[slot];
        }
    }

    private static TitleEntry? Find(CatalogueSnapshot catalogue, int number) =>
        catalogue.RowOf(number) is >= 0 and var row ? catalogue[row] : null;
}
