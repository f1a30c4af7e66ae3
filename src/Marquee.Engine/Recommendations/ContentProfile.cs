using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>How much each kind of metadata is the viewer's: a profile of the past, the newest titles ahead.</summary>
internal static class ContentProfile
{
    private const int Reach = 30;
    private const float Fade = 0.92f;
    private const float YearFade = 0.9f;
    private const int YearReach = 12;

    /// <summary>How alike two releases are, by the years between them.</summary>
    private static readonly float[] YearKernel = [.. Enumerable.Range(0, YearReach + 1).Select(static years => MathF.Exp(-years / 3f))];

    /// <summary>Fills the profiles, the combinations of genres and the details of a scratch that has the viewer's past.</summary>
    public static void Compute(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var content = catalogue.Content;
        if (scratch.Combinations.Length < content.CombinationCount)
        {
            scratch.Combinations = new float[content.CombinationCount];
        }

        if (taste.Recent.Length == 0)
        {
            Array.Clear(scratch.Combinations);
            return;
        }

        Profile(taste, scratch);
        content.Overlaps(scratch.GenreProfile, scratch.Combinations);
        foreach (var bucket in scratch.DetailBuckets)
        {
            var share = scratch.DetailProfile[bucket];
            foreach (var row in content.RowsOf(bucket))
            {
                scratch.Details[row] += share * content.DetailScales[row];
            }
        }
    }

    private static void Profile(UserTaste taste, Scratch scratch)
    {
        float weight = 1, total = 1, yearWeight = 1, yearTotal = 0.5f;
        for (var age = 0; age < Reach && age < scratch.PastCount; age++)
        {
            if (scratch.Past[age] is not { } title)
            {
                continue;
            }

            var strength = weight * (taste.Recent[^(age + 1)].IsPositive ? 1 : 0.3f);
            Add(scratch.GenreProfile, scratch.GenreBuckets, title.Genres, strength);
            Add(scratch.DetailProfile, scratch.DetailBuckets, title.Details, strength);
            total += strength;
            weight *= Fade;
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
        for (var other = Math.Max(0, year - YearReach); other < Math.Min(TitleEntry.Years, year + YearReach); other++)
        {
            // The first slot is for titles without a year.
            profile[other + 1] += weight * YearKernel[Math.Abs(other - year)];
        }
    }
}
