using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>What is watched now: titles by their share of the positives of the last hours, shrunk towards longer memory where those are few.</summary>
/// <remarks>At the catalogue's stream time, for everybody: what a viewer did a moment ago, and the catalogue does not know yet, changes no chart.</remarks>
internal static class TrendingRow
{
    /// <summary>Ranks by share; the score is in percent, the sum of the share itself and, with a country, of what the country adds.</summary>
    public static RankedSlate Rank(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        scratch.MakeRoom(catalogue.Blocks.Length);
        var totals = catalogue.Totals.At(catalogue.StreamTime);
        var scores = scratch.Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        catalogue.Charts.Shares.CopyTo(scores);
        if (request.Country is not null)
        {
            for (var row = 0; row < scores.Length; row++)
            {
                if (float.IsFinite(scores[row]))
                {
                    scores[row] += (float)Local(catalogue[row]!, totals, request.Country);
                }
            }
        }

        CandidateFilter.Remove(request, taste, catalogue, scores);
        var kept = scratch.KeepBest(catalogue, request.Count);
        kept.Sort();
        var items = scratch.TitlesFor(kept.Length);
        for (var i = 0; i < items.Length; i++)
        {
            var title = catalogue[kept[i].Row]!;
            var (everywhere, local) = (CatalogueCharts.ShareOf(title, totals), Local(title, totals, request.Country));
            items[i] = new RankedTitle(title.Number, title.TitleId, everywhere + local, local > 0 ? "Popular in your country" : "Popular right now")
            {
                Parts = !request.Explain ? [] : local == 0
                    ? [new RankedPart("share", everywhere, null)]
                    : [new RankedPart("share", everywhere, null), new RankedPart("share.country", local, null)],
            };
        }

        return new RankedSlate(request.Surface, catalogue.Model.Version, RankedSlate.Popular, items);
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
