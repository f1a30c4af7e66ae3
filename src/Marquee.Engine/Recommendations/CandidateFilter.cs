using Marquee.Engine.Catalogue;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Takes out of the scores what may not be shown: negative infinity.</summary>
/// <remarks>Stubs and removed titles are out already, by the bias column of each block.</remarks>
internal static class CandidateFilter
{
    private const long NewFor = 60L * 86_400_000;

    /// <summary>Applies all filters of a request.</summary>
    public static void Apply(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, TitleEntry? anchor)
    {
        var scores = scratch.Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        Remove(request, taste, catalogue, scores);
        if (anchor is not null)
        {
            Remove(anchor.Number, catalogue, scores);
        }

        if (request.Surface == Surfaces.New)
        {
            KeepNew(request.Now, catalogue, scores);
        }
        else if (Surfaces.GenreOf(request.Surface) is { } genre)
        {
            KeepRows(catalogue.Genres.RowsOf(genre), scores, scratch);
        }
    }

    /// <summary>Takes out what this viewer may not be shown now, whatever the surface: seen, hidden, shown elsewhere on the page, not available.</summary>
    public static void Remove(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Span<float> scores)
    {
        RemoveNumbers(taste.Excluded, catalogue, scores);
        foreach (var number in request.AlsoExcluded)
        {
            Remove(number, catalogue, scores);
        }

        RemoveUnavailable(request, catalogue, scores);
    }

    /// <summary>Whether a title counts as new: released in the last 60 days, or in this year or the last and first watched in the last 60 days.</summary>
    public static bool IsNew(TitleEntry title, long now)
    {
        if (title.Metadata is { ReleasedAt: { } releasedAt })
        {
            return releasedAt <= now && now - releasedAt <= NewFor;
        }

        var young = title.Statistics.FirstEventAt == 0 || now - title.Statistics.FirstEventAt <= NewFor;
        return young && TitleFeatures.AgeInYears(title, now) is >= 0 and < 2;
    }

    /// <summary>Takes titles out that may not be shown now, or not in the viewer's country.</summary>
    private static void RemoveUnavailable(RecommendationRequest request, CatalogueSnapshot catalogue, Span<float> scores)
    {
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var block = catalogue.Blocks[i];
            foreach (var slot in block.Restricted)
            {
                if (block.Entries[slot]?.Metadata?.IsAvailable(request.AvailableAt ?? request.Now, request.Country) == false)
                {
                    scores[(i * CatalogueBlock.Rows) + slot] = float.NegativeInfinity;
                }
            }
        }
    }

    /// <summary>Takes titles out by number.</summary>
    public static void RemoveNumbers(ReadOnlySpan<int> numbers, CatalogueSnapshot catalogue, Span<float> scores)
    {
        foreach (var number in numbers)
        {
            Remove(number, catalogue, scores);
        }
    }

    private static void Remove(int number, CatalogueSnapshot catalogue, Span<float> scores)
    {
        if (catalogue.RowOf(number) is >= 0 and var row)
        {
            scores[row] = float.NegativeInfinity;
        }
    }

    private static void KeepNew(long now, CatalogueSnapshot catalogue, Span<float> scores)
    {
        for (var row = 0; row < catalogue.RowCount; row++)
        {
            if (float.IsFinite(scores[row]) && !IsNew(catalogue[row]!, now))
            {
                scores[row] = float.NegativeInfinity;
            }
        }
    }

    private static void KeepRows(ReadOnlySpan<int> rows, Span<float> scores, Scratch scratch)
    {
        var kept = scratch.Gather(rows.Length);
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = scores[rows[i]];
        }

        scores.Fill(float.NegativeInfinity);
        for (var i = 0; i < kept.Length; i++)
        {
            scores[rows[i]] = kept[i];
        }
    }
}
