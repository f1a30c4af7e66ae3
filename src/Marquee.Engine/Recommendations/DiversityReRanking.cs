using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Chooses a slate from ordered candidates so that it is not full of near-identical titles.</summary>
/// <remarks>
/// Greedy, in the spirit of maximal marginal relevance (Carbonell and Goldstein 1998), but with a hard, sayable rule:
/// at most <see cref="MostAlike"/> titles of a slate are of one series, or of the same genres with mostly the same details.
/// Passed-over titles come back at the end when there are not enough others.
/// </remarks>
internal static class DiversityReRanking
{
    /// <summary>How many near-identical titles a slate may hold.</summary>
    public const int MostAlike = 4;

    /// <summary>Chooses the slate.</summary>
    /// <param name="candidates">Best first.</param>
    /// <param name="count">How many.</param>
    /// <param name="catalogue">Tells what the titles are.</param>
    /// <param name="room">Takes the slate, and is the answer; what it held before is gone. Null: a new list.</param>
    public static List<Candidate> Choose(ReadOnlySpan<Candidate> candidates, int count, CatalogueSnapshot catalogue, List<Candidate>? room = null)
    {
        var chosen = room ?? new List<Candidate>(Math.Min(count, candidates.Length));
        chosen.Clear();
        List<Candidate>? passedOver = null;
        foreach (var candidate in candidates)
        {
            if (chosen.Count == count)
            {
                break;
            }

            var alike = 0;
            foreach (var other in chosen)
            {
                alike += AreAlike(candidate.Row, other.Row, catalogue) ? 1 : 0;
            }

            (alike < MostAlike ? chosen : passedOver ??= []).Add(candidate);
        }

        foreach (var candidate in passedOver ?? [])
        {
            if (chosen.Count == count)
            {
                break;
            }

            chosen.Add(candidate);
        }

        return chosen;
    }

    /// <summary>Whether two titles look the same in a row: one series, or the same genres and at least half of all their people, tags, words and so on in common.</summary>
    public static bool AreAlike(int row, int otherRow, CatalogueSnapshot catalogue)
    {
        // Almost all pairs end here, so the titles themselves are looked at last.
        var content = catalogue.Content;
        var sameGenres = content.Combinations[row] == content.Combinations[otherRow];
        if (!sameGenres && (content.Series[row] == 0 || content.Series[row] != content.Series[otherRow]))
        {
            return false;
        }

        var (a, b) = (catalogue[row]!, catalogue[otherRow]!);
        return (content.Series[row] != 0 && content.Series[row] == content.Series[otherRow])
            || (a.Genres.Length > 0 && Overlap(a.Details, b.Details) >= 0.5);
    }

    /// <summary>The Jaccard index of two ascending lists; 0 when both are empty.</summary>
    private static double Overlap(int[] a, int[] b)
    {
        var common = 0;
        for (int i = 0, j = 0; i < a.Length && j < b.Length;)
        {
            common += a[i] == b[j] ? 1 : 0;
            _ = a[i] <= b[j] ? i++ : j++;
        }

        var all = a.Length + b.Length - common;
        return all == 0 ? 0 : (double)common / all;
    }
}
