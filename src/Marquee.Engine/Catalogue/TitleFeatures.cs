using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>What ranking knows of a title without knowing the viewer: one number per feature, of order one.</summary>
/// <remarks>All are ratios, ages or logarithms of shares, so that they mean the same before and after any training.</remarks>
public static class TitleFeatures
{
    /// <summary>How many features there are.</summary>
    public const int Count = 13;

    /// <summary>Their names, in order.</summary>
    public static readonly string[] Names =
    [
        "trend.hours", "trend.days", "trend.weeks", "trend.months", "popularity",
        "firstSeen", "unseen", "idle", "releaseAge", "releasedThisYear", "releasedLastYear", "approval", "volume",
    ];

    /// <summary>Index of the popularity.</summary>
    public const int Popularity = 4;

    private const double MillisecondsPerHour = 3_600_000;
    private const double ExpectedApproval = 0.7;
    private const double ApprovalShrinkage = 5;

    /// <summary>Computes the features of one title.</summary>
    /// <param name="title">The title.</param>
    /// <param name="totals">The catalogue's totals at <paramref name="now"/>.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="features">float32[<see cref="Count"/>], overwritten.</param>
    public static void Compute(TitleEntry title, in PopularityTotals totals, long now, Span<float> features)
    {
        var statistics = title.Statistics;
        Span<double> shares = stackalloc double[DecayedPopularity.HalfLives + 1];
        totals.Shares(statistics.Popularity, statistics.Positives, shares);
        for (var k = 0; k < 4; k++)
        {
            features[k] = (float)Math.Log(shares[k] / shares[k + 1]);
        }

        features[Popularity] = (float)(0.5 * Math.Log(shares[4] * Math.Max(1, totals.Titles)));
        var seen = statistics.FirstEventAt != 0;
        features[5] = seen ? (float)(0.3 * Math.Log2(1 + (Elapsed(statistics.FirstEventAt, now) / 24))) : 0;
        features[6] = seen ? 0 : 1;
        features[7] = seen ? (float)(0.3 * Math.Log2(1 + Elapsed(statistics.LastEventAt, now))) : 3;
        var age = AgeInYears(title, now);
        var known = KnownShare(statistics);
        features[8] = (float)(known * 0.5 * Math.Log2(1 + Math.Max(0, age)));
        features[9] = age < 1 ? known : 0;
        features[10] = age is >= 1 and < 2 ? known : 0;
        var verdicts = Math.Max(statistics.Verdicts, statistics.Positives);
        features[11] = Approval(statistics);
        features[12] = (float)(0.3 * Math.Log(1 + verdicts));
    }

    /// <summary>Computes the features of a block of rows, several at a time; <see cref="Compute"/> is its plain twin.</summary>
    /// <param name="titles">n rows; null where one is free, whose features are of no meaning.</param>
    /// <param name="totals">The catalogue's totals at <paramref name="now"/>.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="columns">float32[<see cref="Count"/>, n], overwritten.</param>
    internal static void ComputeBlock(ReadOnlySpan<TitleEntry?> titles, in PopularityTotals totals, long now, Span<float> columns)
    {
        var n = titles.Length;
        Span<float> sums = stackalloc float[DecayedPopularity.HalfLives * n];
        Span<float> halfLives = stackalloc float[DecayedPopularity.HalfLives * n];
        var seenDays = columns.Slice(5 * n, n);
        var idleHours = columns.Slice(7 * n, n);
        var ages = columns.Slice(8 * n, n);
        var verdicts = columns.Slice(12 * n, n);
        var share = columns.Slice(Popularity * n, n);
        for (var row = 0; row < n; row++)
        {
            if (titles[row] is not { } title)
            {
                // Free rows must stay numbers: a not-a-number would spread through sums over the block.
                (share[row], seenDays[row], idleHours[row], ages[row], verdicts[row]) = (1, 0, 0, 0, 0);
                continue;
            }

            var statistics = title.Statistics;
            var popularity = statistics.Popularity;
            for (var k = 0; k < DecayedPopularity.HalfLives; k++)
            {
                sums[(k * n) + row] = (float)popularity.AtLandmark(k);
                halfLives[(k * n) + row] = (float)popularity.HalfLivesSinceLandmark(k, now);
            }

            share[row] = (float)totals.LastingShare(statistics.Positives);
            seenDays[row] = (float)(Elapsed(statistics.FirstEventAt, now) / 24);
            idleHours[row] = (float)Elapsed(statistics.LastEventAt, now);
            var age = AgeInYears(title, now);
            ages[row] = (float)Math.Max(0, age);
            columns[(9 * n) + row] = age < 1 ? KnownShare(statistics) : 0;
            columns[(10 * n) + row] = age is >= 1 and < 2 ? KnownShare(statistics) : 0;
            columns[(11 * n) + row] = Approval(statistics);
            verdicts[row] = Math.Max(statistics.Verdicts, statistics.Positives);
        }

        totals.Shares(sums, halfLives, share, columns);
        TensorPrimitives.Multiply(share, Math.Max(1, totals.Titles), share);
        LogPlus(share, 0, 0.5f * MathF.Log(2));
        LogPlus(seenDays, 1, 0.3f);
        LogPlus(idleHours, 1, 0.3f);
        LogPlus(ages, 1, 0.5f);
        LogPlus(verdicts, 1, 0.3f * MathF.Log(2));
        for (var row = 0; row < n; row++)
        {
            ages[row] *= titles[row] is { } title ? KnownShare(title.Statistics) : 0;
            var seen = titles[row] is { Statistics.FirstEventAt: not 0 };
            columns[(6 * n) + row] = seen ? 0 : 1;
            if (!seen)
            {
                (seenDays[row], idleHours[row]) = (0, 3);
            }
        }
    }

    /// <summary>x := scale · log2(x + offset).</summary>
    private static void LogPlus(Span<float> values, float offset, float scale)
    {
        TensorPrimitives.Add(values, offset, values);
        TensorPrimitives.Log2(values, values);
        TensorPrimitives.Multiply(values, scale, values);
    }

    /// <summary>How far the title's own events speak: ages of the release belong to the newcomer model before.</summary>
    private static float KnownShare(TitleSummary statistics) => 1 - NewcomerModel.ShareOf(Math.Max(statistics.Verdicts, statistics.Positives));

    private static float Approval(TitleSummary statistics)
    {
        var verdicts = Math.Max(statistics.Verdicts, statistics.Positives);
        var approval = (statistics.Positives + (ApprovalShrinkage * ExpectedApproval)) / (verdicts + ApprovalShrinkage);
        return (float)(4 * (approval - ExpectedApproval));
    }

    /// <summary>Years since release at a time; 20 when the release is unknown.</summary>
    public static double AgeInYears(TitleEntry title, long now)
    {
        var year = YearAt(now);
        return title.Metadata switch
        {
            { ReleasedAt: { } at } => (now - at) / (MillisecondsPerHour * 24 * 365.25),
            { ReleaseYear: { } released } => year - released,
            _ => 20,
        };
    }

    /// <summary>A time as a year with its fraction.</summary>
    public static double YearAt(long now) => 1970 + (now / (MillisecondsPerHour * 24 * 365.25));

    private static double Elapsed(long since, long now) => Math.Max(0, now - since) / MillisecondsPerHour;
}
