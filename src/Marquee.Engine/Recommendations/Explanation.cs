using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Turns chosen candidates into a slate: the parts of each score, and a reason for people.</summary>
internal static class Explanation
{
    private const double Notable = 0.5;
    private static readonly int FirstNeighbour = TitleFeatures.Count + TasteFeatures.Transition;
    private static readonly int LastNeighbour = TitleFeatures.Count + TasteFeatures.CoWatchVolume;

    /// <summary>Builds the slate.</summary>
    public static RankedSlate Explain(
        RecommendationRequest request,
        List<Candidate> chosen,
        IReadOnlyList<ExploredSlot> explored,
        UserTaste taste,
        CatalogueSnapshot catalogue,
        Scratch scratch,
        TitleEntry? anchor)
    {
        var sources = anchor is null ? NeighbourAttribution.Strongest(chosen, taste, catalogue, scratch) : [];
        var items = scratch.TitlesFor(chosen.Count);
        for (var i = 0; i < items.Length; i++)
        {
            var (row, score) = chosen[i];
            var title = catalogue[row]!;
            var source = anchor ?? (sources[i] >= 0 ? catalogue[sources[i]] : null);
            var because = anchor is not null || IsPersonal(row, catalogue, scratch) ? source : null;
            items[i] = new RankedTitle(title.Number, title.TitleId, score, Reason(title, row, because, request, catalogue, scratch))
            {
                BecauseTitleId = because?.TitleId,
                Parts = request.Explain ? Parts(row, source, catalogue, scratch) : [],
            };
        }

        foreach (var (position, propensity) in explored)
        {
            items[position] = items[position] with { Origin = RankedTitle.Explored, Propensity = propensity };
        }

        var from = taste.Recent.Length > 0 ? RankedSlate.Personal : RankedSlate.Popular;
        return new RankedSlate(request.Surface, catalogue.Model.Version, from, items, anchor?.TitleId);
    }

    private static RankedPart[] Parts(int row, TitleEntry? source, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var parts = new List<RankedPart>(scratch.RankingWeights.Length + 1);
        double sum = 0;
        for (var feature = 0; feature < scratch.RankingWeights.Length; feature++)
        {
            var value = CandidateRanking.Part(row, feature, catalogue, scratch);
            sum += value;
            if (value != 0)
            {
                var from = feature >= FirstNeighbour && feature <= LastNeighbour ? source?.TitleId : null;
                parts.Add(new RankedPart(TasteFeatures.AllNames[feature], value, from));
            }
        }

        var interplay = CandidateRanking.Interplay(row, sum, catalogue, scratch);
        if (interplay != 0)
        {
            parts.Add(new RankedPart(InterplayNetwork.PartName, interplay, null));
        }

        return [.. parts];
    }

    private static string Reason(
        TitleEntry title, int row, TitleEntry? because, RecommendationRequest request, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (because is not null)
        {
            return because.AsReason;
        }

        if (FavouriteGenre(title, row, catalogue, scratch) is { } genre)
        {
            return genre;
        }

        if (CandidateFilter.IsNew(title, request.Now))
        {
            return "New";
        }

        var features = CandidateFeatures.Of(row, catalogue, scratch);
        return features[0] + features[1] > 0 ? "Popular right now" : "Popular";
    }

    private static bool IsPersonal(int row, CatalogueSnapshot catalogue, Scratch scratch)
    {
        double sum = 0;
        for (var feature = FirstNeighbour; feature <= LastNeighbour; feature++)
        {
            sum += CandidateRanking.Part(row, feature, catalogue, scratch);
        }

        return sum > Notable;
    }

    /// <summary>The genre of the title that the viewer likes most, as a reason; null when its genres speak for little.</summary>
    private static string? FavouriteGenre(TitleEntry title, int row, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (CandidateRanking.Part(row, TitleFeatures.Count + TasteFeatures.Genre, catalogue, scratch) < Notable)
        {
            return null;
        }

        GenreReason? favourite = null;
        foreach (var genre in title.GenresAsReasons)
        {
            if (favourite is not { } best || scratch.GenreProfile[genre.Bucket] > scratch.GenreProfile[best.Bucket])
            {
                favourite = genre;
            }
        }

        return favourite?.Text;
    }
}
