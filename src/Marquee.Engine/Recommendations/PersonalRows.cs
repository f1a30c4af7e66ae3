using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Rows that follow from what the viewer did, without ranking.</summary>
internal static class PersonalRows
{
    /// <summary>Titles begun and not finished, newest first. The score is the time of the last watching in days since 1970.</summary>
    public static RankedSlate ContinueWatching(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue)
    {
        var items = new List<RankedTitle>();
        foreach (var watch in taste.InProgress)
        {
            if (items.Count < request.Count && Showable(watch.Title, request, catalogue) is { } title)
            {
                items.Add(Item(title, watch.OccurredAt / 86_400_000.0, "lastWatched", "Continue watching", request) with { WatchedShare = watch.WatchedShare });
            }
        }

        return Slate(request, catalogue, items);
    }

    /// <summary>The viewer's list, newest first; finished titles stay on it. The score counts down.</summary>
    public static RankedSlate MyList(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue)
    {
        var items = new List<RankedTitle>();
        foreach (var number in taste.MyList)
        {
            if (items.Count < request.Count && Showable(number, request, catalogue) is { } title)
            {
                items.Add(Item(title, taste.MyList.Length - items.Count, "listed", "On your list", request));
            }
        }

        return Slate(request, catalogue, items);
    }

    /// <summary>The episode after the furthest one watched, of each series followed lately, newest first.</summary>
    public static RankedSlate WatchNext(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue)
    {
        var items = new List<RankedTitle>();
        var series = new HashSet<string>(StringComparer.Ordinal);
        for (var i = taste.Recent.Length - 1; i >= 0 && items.Count < request.Count; i--)
        {
            var entry = taste.Recent[i];
            if (catalogue.RowOf(entry.Title) is >= 0 and var row
                && catalogue[row]?.Metadata is { Kind: TitleKind.Episode, SeriesId: { } id } episode
                && series.Add(id)
                && Following(row, taste, request, catalogue) is { } next)
            {
                items.Add(Item(next, entry.OccurredAt / 86_400_000.0, "lastWatched", $"Next after {episode.Name}", request) with { BecauseTitleId = episode.TitleId });
            }
        }

        return Slate(request, catalogue, items);
    }

    private static TitleEntry? Following(int episodeRow, UserTaste taste, RecommendationRequest request, CatalogueSnapshot catalogue)
    {
        TitleEntry? next = null;
        var episode = catalogue[episodeRow]!.Metadata!;
        ReadOnlySpan<int> series = catalogue.Content.Series;
        var number = series[episodeRow];
        for (var row = series.IndexOf(number); row >= 0; row = Next(series, row, number))
        {
            if (catalogue[row] is { Metadata: { Kind: TitleKind.Episode } other } title
                && Place(other).CompareTo(Place(episode)) > 0
                && (next is null || Place(other).CompareTo(Place(next.Metadata!)) < 0)
                && !taste.IsExcluded(title.Number)
                && Showable(title.Number, request, catalogue) is not null)
            {
                next = title;
            }
        }

        return next;
    }

    private static int Next(ReadOnlySpan<int> series, int row, int number) =>
        series[(row + 1)..].IndexOf(number) is >= 0 and var distance ? row + 1 + distance : -1;

    private static (int Season, int Episode) Place(TitleMetadata title) => (title.Season ?? 0, title.Episode ?? 0);

    private static TitleEntry? Showable(int number, RecommendationRequest request, CatalogueSnapshot catalogue) =>
        catalogue.RowOf(number) is >= 0 and var row
        && catalogue[row] is { Metadata: { } metadata } title
        && metadata.IsAvailable(request.AvailableAt ?? request.Now, request.Country)
        && !request.AlsoExcluded.Contains(number)
            ? title
            : null;

    private static RankedTitle Item(TitleEntry title, double score, string part, string reason, RecommendationRequest request) =>
        new(title.Number, title.TitleId, score, reason) { Parts = request.Explain ? [new RankedPart(part, score, null)] : [] };

    private static RankedSlate Slate(RecommendationRequest request, CatalogueSnapshot catalogue, List<RankedTitle> items) =>
        new(request.Surface, catalogue.Model.Version, RankedSlate.Personal, items);
}
