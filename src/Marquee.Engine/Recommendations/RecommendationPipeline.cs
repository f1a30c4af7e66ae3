using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>The path of a request: candidate generation, filter, ranking, re-ranking, exploration, explanation. Pure: time is in the request.</summary>
public static class RecommendationPipeline
{
    /// <summary>How many candidates the first stage hands to the second, at least.</summary>
    public const int MostCandidates = 200;

    /// <summary>Ranks titles for one viewer and one surface.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="taste">The viewer; titles numbered as in <paramref name="catalogue"/>.</param>
    /// <param name="catalogue">One version of the catalogue.</param>
    /// <param name="scratch">Working memory; one per worker.</param>
    /// <returns>At most <see cref="RecommendationRequest.Count"/> titles; empty for an unknown surface.</returns>
    public static RankedSlate Recommend(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        UserTaste? scanned = null;
        return Recommend(request, taste, catalogue, scratch, ref scanned);
    }

    /// <summary>Ranks one of several surfaces at one moment: what is the same for all of them is gathered once.</summary>
    /// <param name="request">What is asked; its time is that of the surface before.</param>
    /// <param name="taste">The viewer.</param>
    /// <param name="catalogue">That of the surface before.</param>
    /// <param name="scratch">That of the surface before, and used for nothing else meanwhile.</param>
    /// <param name="scanned">The taste that the scratch holds, as the surface before left it; null before the first.</param>
    internal static RankedSlate Recommend(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, ref UserTaste? scanned)
    {
        switch (request.Surface)
        {
            case Surfaces.ContinueWatching:
                return PersonalRows.ContinueWatching(request, taste, catalogue);
            case Surfaces.WatchNext:
                return PersonalRows.WatchNext(request, taste, catalogue);
            case Surfaces.MyList:
                return PersonalRows.MyList(request, taste, catalogue);
            case Surfaces.Trending:
                return TrendingRow.Rank(request, taste, catalogue, scratch);
            case Surfaces.BecauseYouWatched:
                return BecauseYouWatched(request, taste, catalogue, scratch, ref scanned);
            default:
                return Rank(request, taste, catalogue, scratch, ref scanned);
        }
    }

    /// <summary>Ranks the titles that go with one title, for anyone.</summary>
    /// <returns>An empty slate when the title is not in the catalogue.</returns>
    public static RankedSlate Similar(string titleId, RecommendationRequest request, CatalogueSnapshot catalogue, Scratch scratch) =>
        Recommend(request with { Surface = Surfaces.BecauseYouWatched, AnchorTitleId = titleId }, UserTaste.Empty, catalogue, scratch);

    /// <summary>The stages, on one screen.</summary>
    private static RankedSlate Rank(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, ref UserTaste? scanned, TitleEntry? anchor = null)
    {
        if (!ReferenceEquals(scanned, taste))
        {
            TasteScan.Run(taste, catalogue, request.Now, scratch);
            scanned = taste;
        }

        var scores = scratch.Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        CandidateScan.Run(catalogue, scratch, BlockSum.UpTo(scratch), scores);
        CandidateFilter.Apply(request, taste, catalogue, scratch, anchor);
        var candidates = CandidateSelection.Keep(Math.Max(MostCandidates, 2 * request.Count), scores, catalogue, scratch);

        CandidateRanking.Order(candidates, catalogue, scratch);
        var chosen = request.Diversify ? DiversityReRanking.Choose(candidates, request.Count, catalogue, scratch.Chosen) : [.. candidates[..Math.Min(request.Count, candidates.Length)]];
        var explored = ExplorationSlots.Fill(request.Surface == Surfaces.TopPicks ? request.Exploration : null, chosen, catalogue, scratch);

        return Explanation.Explain(request, chosen, explored, taste, catalogue, scratch, anchor);
    }

    private static RankedSlate BecauseYouWatched(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, ref UserTaste? scanned)
    {
        var anchor = request.AnchorTitleId is { } titleId ? catalogue.Find(titleId) : Anchors.Choose(taste, catalogue, request.AlsoExcluded);
        if (anchor is null)
        {
            return new RankedSlate(request.Surface, catalogue.Model.Version, RankedSlate.Popular, []);
        }

        var only = taste.WithRecent(new TasteEntry(anchor.Number, request.Now, 1));
        return Rank(request, only, catalogue, scratch, ref scanned, anchor);
    }
}
