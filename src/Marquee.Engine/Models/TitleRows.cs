using Marquee.Engine.Titles;

namespace Marquee.Engine.Models;

/// <summary>Which row of a trained model is which title's. Thread-safe.</summary>
/// <remarks>A viewer's past names titles by number, so the row of a number is remembered: an id's text is hashed once per title, not for each viewer.</remarks>
internal sealed class TitleRows
{
    private readonly Dictionary<string, int> _rows;
    private Numbered _numbered = new(null, []);

    /// <summary>Indexes rows.</summary>
    /// <param name="titleIds">The titles in row order; of the same id twice the last row counts.</param>
    public TitleRows(string[] titleIds)
    {
        _rows = new Dictionary<string, int>(titleIds.Length, StringComparer.Ordinal);
        for (var row = 0; row < titleIds.Length; row++)
        {
            _rows[titleIds[row]] = row;
        }
    }

    /// <summary>The row of a title; −1 when there is none.</summary>
    public int Of(string titleId) => _rows.GetValueOrDefault(titleId, -1);

    /// <summary>The row of a title; −1 when there is none.</summary>
    /// <param name="number">The title's number.</param>
    /// <param name="titles">The table that gave it.</param>
    public int Of(int number, TitleTable titles)
    {
        var (table, known) = _numbered;
        if (!ReferenceEquals(table, titles) || number >= known.Length)
        {
            _numbered = new Numbered(titles, known = new int[number + (number / 4) + 1024]);
        }

        // 0 stands for not looked up yet. Threads that look it up at once find the same.
        ref var kept = ref known[number];
        if (kept == 0)
        {
            kept = Of(titles.IdOf(number)) + 2;
        }

        return kept - 2;
    }

    /// <summary>Rows by number, two more than each; 0 where nobody asked yet.</summary>
    private sealed record Numbered(TitleTable? Titles, int[] Rows);
}
