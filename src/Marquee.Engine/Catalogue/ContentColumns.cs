namespace Marquee.Engine.Catalogue;

/// <summary>The metadata of a block's rows side by side, so that a scan reads memory in order. Immutable.</summary>
internal sealed class ContentColumns
{
    /// <summary>Of a block without titles.</summary>
    public static readonly ContentColumns Empty = Of(new TitleEntry?[CatalogueBlock.Rows]);

    private ContentColumns(int[] years, int[] genreEnds, int[] genres, int[] detailEnds, int[] details) =>
        (Years, GenreEnds, Genres, DetailEnds, Details) = (years, genreEnds, genres, detailEnds, details);

    /// <summary>Year slot of each row; −1 when unknown.</summary>
    public int[] Years { get; }

    /// <summary>Where each row's genres end in <see cref="Genres"/>; they begin where the last row's end.</summary>
    public int[] GenreEnds { get; }

    /// <summary>Buckets of the genres of all rows.</summary>
    public int[] Genres { get; }

    /// <summary>Where each row's details end in <see cref="Details"/>.</summary>
    public int[] DetailEnds { get; }

    /// <summary>Buckets of the details of all rows.</summary>
    public int[] Details { get; }

    /// <summary>Gathers rows.</summary>
    public static ContentColumns Of(TitleEntry?[] rows)
    {
        var (years, genreEnds, detailEnds) = (new int[rows.Length], new int[rows.Length], new int[rows.Length]);
        List<int> genres = [], details = [];
        for (var row = 0; row < rows.Length; row++)
        {
            years[row] = rows[row]?.YearSlot ?? -1;
            genres.AddRange(rows[row]?.Genres ?? []);
            details.AddRange(rows[row]?.Details ?? []);
            (genreEnds[row], detailEnds[row]) = (genres.Count, details.Count);
        }

        return new ContentColumns(years, genreEnds, [.. genres], detailEnds, [.. details]);
    }
}
