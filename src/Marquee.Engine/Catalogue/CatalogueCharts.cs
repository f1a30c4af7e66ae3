using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>What is popular in a snapshot, the same for every viewer: computed once, when somebody first asks. Immutable.</summary>
internal sealed class CatalogueCharts
{
    private CatalogueCharts(float[] shares, string[] genres) => (Shares, Genres) = (shares, genres);

    /// <summary>float32[rows]: each title's share of the positives of the last hours, in percent, at the catalogue's stream time; negative infinity where nothing is recommended or nobody liked it.</summary>
    public float[] Shares { get; }

    /// <summary>The genres, the one with the most positives first.</summary>
    public string[] Genres { get; }

    /// <summary>Computes them. O(titles).</summary>
    public static CatalogueCharts Of(CatalogueSnapshot catalogue)
    {
        var totals = catalogue.Totals.At(catalogue.StreamTime);
        var shares = new float[catalogue.Blocks.Length * CatalogueBlock.Rows];
        var positives = new long[shares.Length];
        for (var row = 0; row < shares.Length; row++)
        {
            shares[row] = float.NegativeInfinity;
            if (catalogue[row] is { } title)
            {
                positives[row] = title.Statistics.Positives;
                if (title.IsRecommendable && positives[row] > 0)
                {
                    shares[row] = (float)ShareOf(title, totals);
                }
            }
        }

        var index = catalogue.Genres;
        return new CatalogueCharts(shares, [.. index.Names
            .Select(name => (Name: name, Positives: Sum(index.RowsOf(name), positives)))
            .OrderByDescending(static genre => genre.Positives).ThenBy(static genre => genre.Name, StringComparer.Ordinal)
            .Select(static genre => genre.Name)]);
    }

    /// <summary>A title's share of the positives of the last hours, in percent, shrunk towards longer memory where those are few.</summary>
    public static double ShareOf(TitleEntry title, in PopularityTotals totals)
    {
        Span<double> shares = stackalloc double[DecayedPopularity.HalfLives + 1];
        totals.Shares(title.Statistics.Popularity, title.Statistics.Positives, shares);
        return 100 * shares[0];
    }

    private static long Sum(ReadOnlySpan<int> rows, long[] positives)
    {
        var sum = 0L;
        foreach (var row in rows)
        {
            sum += positives[row];
        }

        return sum;
    }
}
