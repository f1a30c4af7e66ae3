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
        features[8] = (float)(0.5 * Math.Log2(1 + Math.Max(0, age)));
        features[9] = age < 1 ? 1 : 0;
        features[10] = age is >= 1 and < 2 ? 1 : 0;
        var verdicts = Math.Max(statistics.Verdicts, statistics.Positives);
        var approval = (statistics.Positives + (ApprovalShrinkage * ExpectedApproval)) / (verdicts + ApprovalShrinkage);
        features[11] = (float)(4 * (approval - ExpectedApproval));
        features[12] = (float)(0.3 * Math.Log(1 + verdicts));
    }

    /// <summary>Years since release at a time; 20 when the release is unknown.</summary>
    public static double AgeInYears(TitleEntry title, long now)
    {
        var year = 1970 + (now / (MillisecondsPerHour * 24 * 365.25));
        return title.Metadata switch
        {
            { ReleasedAt: { } at } => (now - at) / (MillisecondsPerHour * 24 * 365.25),
            { ReleaseYear: { } released } => year - released,
            _ => 20,
        };
    }

    private static double Elapsed(long since, long now) => Math.Max(0, now - since) / MillisecondsPerHour;
}
