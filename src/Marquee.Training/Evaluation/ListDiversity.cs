using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Training.Evaluation;

/// <summary>How different the titles of lists are from each other, and how many titles are in lists at all.</summary>
/// <remarks>
/// <para>Intra-list similarity (Ziegler, McNee, Konstan, Lausen 2005, equation 5) is the sum of the similarities of all pairs
/// of a list; here divided by the number of pairs, so that it does not depend on the list's length, and taken from 1: the
/// mean distance of two titles of the list (Smyth, McClave 2001). The similarity of two titles is the Jaccard index of their
/// genres, 0 where one has none.</para>
/// <para>Coverage counts the titles that are in the first ten of at least one list (Ge, Delgado-Battenfeld, Jannach 2010).</para>
/// </remarks>
internal sealed class ListDiversity
{
    /// <summary>How many titles of a list count.</summary>
    public const int Depth = 10;

    private readonly HashSet<int> _shown = [];
    private double _diversity;
    private int _pairedLists;
    private int _crowded;
    private int _lists;

    /// <summary>Mean over the lists with at least two titles, 0 to 1; not a number without any.</summary>
    public double IntraListDiversity => _diversity / _pairedLists;

    /// <summary>Titles in any list.</summary>
    public int TitlesShown => _shown.Count;

    /// <summary>Share of lists with a title that at least <see cref="DiversityReRanking.MostAlike"/> others of the list are near-identical to.</summary>
    public double CrowdedShare => (double)_crowded / _lists;

    /// <summary>Adds a list.</summary>
    /// <param name="rows">Its first titles, as rows of the catalogue; no more than <see cref="Depth"/> of them are read.</param>
    /// <param name="catalogue">Tells what the titles are.</param>
    public void Add(ReadOnlySpan<int> rows, CatalogueSnapshot catalogue)
    {
        rows = rows[..Math.Min(rows.Length, Depth)];
        _lists++;
        double similarity = 0;
        var crowded = false;
        for (var i = 0; i < rows.Length; i++)
        {
            _shown.Add(catalogue[rows[i]]!.Number);
            var alike = 0;
            for (var j = 0; j < rows.Length; j++)
            {
                similarity += j > i ? Similarity(catalogue[rows[i]]!, catalogue[rows[j]]!) : 0;
                alike += j != i && DiversityReRanking.AreAlike(rows[i], rows[j], catalogue) ? 1 : 0;
            }

            crowded |= alike >= DiversityReRanking.MostAlike;
        }

        _crowded += crowded ? 1 : 0;
        if (rows.Length > 1)
        {
            _diversity += 1 - (similarity / (rows.Length * (rows.Length - 1) / 2));
            _pairedLists++;
        }
    }

    private static double Similarity(TitleEntry title, TitleEntry other)
    {
        if (title.Metadata?.Genres is not { Count: > 0 } genres || other.Metadata?.Genres is not { Count: > 0 } others)
        {
            return 0;
        }

        var common = genres.Count(genre => others.Contains(genre, StringComparer.OrdinalIgnoreCase));
        return (double)common / (genres.Count + others.Count - common);
    }
}
