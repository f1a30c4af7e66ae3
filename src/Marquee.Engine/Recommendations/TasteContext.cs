using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>The situation of a viewer, by which the ranker gates its weights.</summary>
public static class TasteContext
{
    /// <summary>How many values there are.</summary>
    public const int Count = 11;

    /// <summary>Their names, in order.</summary>
    public static readonly string[] Names =
    [
        "always", "history", "unknown", "withinMinute", "withinTenMinutes", "withinHour", "withinDay", "withinWeek",
        "mainstream", "newness", "spree",
    ];

    private const int Window = 30;
    private const int LongestSpree = 8;
    private const long Minute = 60_000;

    /// <summary>So far the clocks of players may be ahead. What is earlier still lies behind the viewer's newest titles: asked in hindsight, it is no part of their spree.</summary>
    private const long MostSkew = 5 * Minute;

    /// <summary>Computes the values.</summary>
    /// <param name="taste">The viewer.</param>
    /// <param name="catalogue">Tells how popular and how new the viewer's titles are.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="context">float32[<see cref="Count"/>], overwritten.</param>
    public static void Compute(UserTaste taste, CatalogueSnapshot catalogue, long now, Span<float> context)
    {
        context.Clear();
        context[0] = 1;
        var recent = taste.Recent;
        context[1] = 0.3f * MathF.Log2(1 + recent.Length);
        if (recent.Length == 0)
        {
            context[2] = 1;
            return;
        }

        var gap = now - recent[^1].OccurredAt;
        if (gap >= -MostSkew)
        {
            context[3] = gap < Minute ? 1 : 0;
            context[4] = gap < 10 * Minute ? 1 : 0;
            context[5] = gap < 60 * Minute ? 1 : 0;
            context[6] = gap < 24 * 60 * Minute ? 1 : 0;
            context[7] = gap < 7 * 24 * 60 * Minute ? 1 : 0;
            context[10] = 0.25f * SpreeOf(recent);
        }

        float popularity = 0, fresh = 0, counted = 2;
        for (var j = Math.Max(0, recent.Length - Window); j < recent.Length; j++)
        {
            if (catalogue.RowOf(recent[j].Title) is >= 0 and var row && catalogue[row] is { } title)
            {
                popularity += MathF.Log(1 + title.Statistics.Positives);
                fresh += TitleFeatures.AgeInYears(title, recent[j].OccurredAt) < 1.5 ? 1 : 0;
                counted++;
            }
        }

        context[8] = 0.2f * popularity / counted;
        context[9] = fresh / counted;
    }

    /// <summary>How many of the newest titles followed each other closely.</summary>
    private static int SpreeOf(TasteEntry[] recent)
    {
        var spree = 0;
        for (var j = recent.Length - 1; j > 0 && spree < LongestSpree && recent[j].OccurredAt - recent[j - 1].OccurredAt < 20 * Minute; j--)
        {
            spree++;
        }

        return spree;
    }
}
