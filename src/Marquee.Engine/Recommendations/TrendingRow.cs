using Marquee.Engine.Catalogue;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>What is watched now: titles by their share of the positives of the last hours, shrunk towards longer memory where those are few.</summary>
internal static class TrendingRow
{
    /// <summary>Ranks by share; the score is in percent, the sum of the share itself and, with a country, of what the country adds.</summary>
    public static RankedSlate Rank(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        scratch.Reset(catalogue.Blocks.Length);
        var totals = catalogue.Totals.At(Math.Max(request.Now, catalogue.StreamTime));
        var scores = scratch.Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = catalogue[row] is { IsRecommendable: true } title && title.Statistics.Positives > 0
                ? (float)(Worldwide(title, totals) + Local(title, totals, request.Country))
                : float.NegativeInfinity;
        }

        CandidateFilter.RemoveNumbers(taste.Excluded, catalogue, scores);
        CandidateFilter.RemoveNumbers([.. request.AlsoExcluded], catalogue, scores);
        CandidateFilter.RemoveUnavailable(request, catalogue, scores);
        var kept = scratch.KeepBest(catalogue, request.Count);
        kept.Sort();
        var items = new RankedTitle[kept.Length];
        for (var i = 0; i < items.Length; i++)
        {
            var title = catalogue[kept[i].Row]!;
            var (everywhere, local) = (Worldwide(title, totals), Local(title, totals, request.Country));
            items[i] = new RankedTitle(title.Number, title.TitleId, everywhere + local, local > 0 ? "Popular in your country" : "Popular right now")
            {
                Parts = !request.Explain ? [] : local == 0
                    ? [new RankedPart("share", everywhere, null)]
                    : [new RankedPart("share", everywhere, null), new RankedPart("share.country", local, null)],
            };
        }

        return new RankedSlate(request.Surface, catalogue.Model.Version, RankedSlate.Popular, items);
    }

    private static double Worldwide(TitleEntry title, in PopularityTotals totals)
    {
        Span<double> shares = stackalloc double[DecayedPopularity.HalfLives + 1];
        totals.Shares(title.Statistics.Popularity, title.Statistics.Positives, shares);
        return 100 * shares[0];
    }

    /// <summary>The title's decayed positives in the country, per hundred of all: local hits rise, nothing sinks.</summary>
    private static double Local(TitleEntry title, in PopularityTotals totals, string? country)
    {
        if (country is null)
        {
            return 0;
        }

        foreach (var (code, popularity) in title.Statistics.Countries)
        {
            if (code == country)
            {
                return 100 * totals.RecentShare(popularity);
            }
        }

        return 0;
    }
}
