namespace Marquee.Engine.Catalogue;

/// <summary>Which rows each genre has. Immutable; as old as the metadata that it lists.</summary>
internal sealed class GenreIndex
{
    private readonly Dictionary<string, int[]> _rows;

    private GenreIndex(Dictionary<string, int[]> rows) => _rows = rows;

    /// <summary>The genres, each as its first title spells it.</summary>
    public IReadOnlyCollection<string> Names => _rows.Keys;

    /// <summary>The rows of a genre, ascending; none for an unknown one. Case does not matter.</summary>
    public ReadOnlySpan<int> RowsOf(string genre) => _rows.GetValueOrDefault(genre, []);

    /// <summary>Lists all rows. O(genres of all titles).</summary>
    public static GenreIndex Of(ReadOnlySpan<CatalogueBlock> blocks)
    {
        var rows = new Dictionary<string, List<int>>(StringComparer.OrdinalIgnoreCase);
        for (var row = 0; row < blocks.Length * CatalogueBlock.Rows; row++)
        {
            foreach (var genre in blocks[row / CatalogueBlock.Rows].Entries[row % CatalogueBlock.Rows]?.Metadata?.Genres ?? [])
            {
                if (!rows.TryGetValue(genre, out var listed))
                {
                    rows.Add(genre, listed = []);
                }

                if (listed.Count == 0 || listed[^1] != row)
                {
                    listed.Add(row);
                }
            }
        }

        return new GenreIndex(rows.ToDictionary(static pair => pair.Key, static pair => pair.Value.ToArray(), StringComparer.OrdinalIgnoreCase));
    }
}
