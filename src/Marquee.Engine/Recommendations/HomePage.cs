using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Composes a viewer's home page: ordered rows, no title twice, no row without titles.</summary>
public static class HomePage
{
    private const int BecauseRows = 2;
    private const int GenreRows = 3;
    private const int FewestTitles = 3;

    /// <summary>Composes the page.</summary>
    /// <param name="request">Titles per row, country, explanations and time; the surface is not read.</param>
    /// <param name="taste">The viewer.</param>
    /// <param name="catalogue">One version of the catalogue.</param>
    /// <param name="scratch">Working memory; one per worker.</param>
    /// <param name="add">Gets the rows in order, each when it is made; it may give the slate back to the scratch.</param>
    public static void Compose(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, Action<HomeRow> add)
    {
        UserTaste? scanned = null;
        var shown = new HashSet<int>(request.AlsoExcluded);
        var anchors = new HashSet<int>();
        Add(Surfaces.ContinueWatching, "Continue watching", Surfaces.ContinueWatching, fewest: 1);
        Add(Surfaces.WatchNext, "Watch next", Surfaces.WatchNext, fewest: 1);
        Add(Surfaces.TopPicks, "Top picks", Surfaces.TopPicks, fewest: 1);
        for (var i = 0; i < BecauseRows; i++)
        {
            if (Anchors.Choose(taste, catalogue, anchors) is { } anchor)
            {
                anchors.Add(anchor.Number);
                Add($"{Surfaces.BecauseYouWatched}:{anchor.TitleId}", $"Because you watched {anchor.Metadata!.Name}", Surfaces.BecauseYouWatched, FewestTitles, anchor.TitleId);
            }
        }

        Add(Surfaces.Trending, "Trending now", Surfaces.Trending, FewestTitles);
        Add(Surfaces.New, "New", Surfaces.New, FewestTitles);
        foreach (var genre in Genres(taste, catalogue))
        {
            Add(Surfaces.GenrePrefix + genre, genre, Surfaces.GenrePrefix + genre, FewestTitles);
        }

        Add(Surfaces.MyList, "My list", Surfaces.MyList, fewest: 1);

        void Add(string rowId, string name, string surface, int fewest, string? anchor = null)
        {
            var slate = RecommendationPipeline.Recommend(
                request with { Surface = surface, AnchorTitleId = anchor, AlsoExcluded = shown }, taste, catalogue, scratch, ref scanned);
            if (slate.Items.Count < fewest)
            {
                scratch.Recycle(slate);
                return;
            }

            for (var i = 0; i < slate.Items.Count; i++)
            {
                shown.Add(slate.Items[i].Number);
            }

            add(new HomeRow(rowId, name, slate));
        }
    }

    /// <summary>The genres that the viewer likes most; those with the most positives when nothing is known of the viewer.</summary>
    private static IEnumerable<string> Genres(UserTaste taste, CatalogueSnapshot catalogue)
    {
        var weights = new Dictionary<string, double>(StringComparer.OrdinalIgnoreCase);
        foreach (var entry in taste.Recent)
        {
            if (entry.IsPositive && catalogue.RowOf(entry.Title) is >= 0 and var row && catalogue[row] is { } title)
            {
                Count(title);
            }
        }

        if (weights.Count == 0)
        {
            return catalogue.Charts.Genres.Take(GenreRows);
        }

        return weights.OrderByDescending(static pair => pair.Value).ThenBy(static pair => pair.Key, StringComparer.Ordinal)
            .Take(GenreRows).Select(static pair => pair.Key);

        void Count(TitleEntry title)
        {
            foreach (var genre in title.Metadata?.Genres ?? [])
            {
                weights[genre] = weights.GetValueOrDefault(genre) + 1;
            }
        }
    }
}

/// <summary>One row of a home page.</summary>
/// <param name="RowId">Stable name of the row on the page.</param>
/// <param name="Name">For people.</param>
/// <param name="Slate">What stands in it.</param>
public sealed record HomeRow(string RowId, string Name, RankedSlate Slate);
