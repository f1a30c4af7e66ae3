using Marquee.Engine.Models;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>The whole catalogue at one version, as ranking reads it: struct of arrays in blocks. Immutable; safe to share.</summary>
/// <remarks>
/// <see cref="With"/> copies only the blocks that changed. Features depend on time: those of changed titles are computed anew
/// at once, those of all titles when stream time has moved on by <see cref="RefreshAfter"/> or the model was replaced.
/// </remarks>
public sealed class CatalogueSnapshot
{
    /// <summary>How far stream time may run ahead of the features of unchanged titles.</summary>
    public static readonly TimeSpan RefreshAfter = TimeSpan.FromMinutes(30);

    private readonly CatalogueBlock[] _blocks;
    private readonly int[] _rowOfNumber;
    private readonly PopularityTotals _totals;
    private readonly long _refreshedAt;
    private readonly Lazy<ContentColumns> _content;
    private readonly Lazy<GenreIndex> _genres;
    private readonly Lazy<CatalogueCharts> _charts;

    private CatalogueSnapshot(
        CatalogueBlock[] blocks,
        int[] rowOfNumber,
        int rowCount,
        int unknownTitleCount,
        PopularityTotals totals,
        long refreshedAt,
        PublishedModel model,
        TitleTable titles,
        long streamTime,
        long version,
        CatalogueSnapshot? sameContent)
    {
        // Gathered when somebody first asks: a catalogue that is being loaded changes a thousand times before.
        _content = sameContent?._content ?? new Lazy<ContentColumns>(() => ContentColumns.Of(blocks));
        _genres = sameContent?._genres ?? new Lazy<GenreIndex>(() => GenreIndex.Of(blocks));
        _charts = new Lazy<CatalogueCharts>(() => CatalogueCharts.Of(this));
        (_blocks, _rowOfNumber, RowCount, _totals, _refreshedAt) = (blocks, rowOfNumber, rowCount, totals, refreshedAt);
        (UnknownTitleCount, Model, Titles, StreamTime, Version) = (unknownTitleCount, model, titles, streamTime, version);
    }

    /// <summary>A catalogue without titles.</summary>
    /// <param name="titles">Numbers the titles; the same table as the viewers' tastes use.</param>
    public static CatalogueSnapshot Empty(TitleTable titles) =>
        new([], [], 0, 0, default, 0, PublishedModel.Untrained, titles, 0, 0, null);

    /// <summary>Counts up with every change; whatever the caller gave.</summary>
    public long Version { get; }

    /// <summary>The largest event time it reflects, milliseconds since the Unix epoch.</summary>
    public long StreamTime { get; }

    /// <summary>The trained model that ranks.</summary>
    public PublishedModel Model { get; }

    /// <summary>Numbers the titles.</summary>
    public TitleTable Titles { get; }

    /// <summary>Rows in use or used before; rows are never reused, removed titles leave holes.</summary>
    public int RowCount { get; }

    /// <summary>How many titles there are, stubs included.</summary>
    public int TitleCount => _totals.Titles;

    /// <summary>How many titles are known by their events only.</summary>
    public int UnknownTitleCount { get; }

    internal ReadOnlySpan<CatalogueBlock> Blocks => _blocks;

    /// <summary>The metadata of all rows.</summary>
    internal ContentColumns Content => _content.Value;

    /// <summary>Which rows each genre has.</summary>
    internal GenreIndex Genres => _genres.Value;

    /// <summary>What is popular, the same for everybody.</summary>
    internal CatalogueCharts Charts => _charts.Value;

    internal ref readonly PopularityTotals Totals => ref _totals;

    /// <summary>The title in a row; null when the row is free.</summary>
    public TitleEntry? this[int row] => _blocks[row / CatalogueBlock.Rows].Entries[row % CatalogueBlock.Rows];

    /// <summary>All numbers that have a row are below this one.</summary>
    internal int NumberCount => _rowOfNumber.Length;

    /// <summary>The row of a title's number; −1 when it has none.</summary>
    public int RowOf(int number) => (uint)number < (uint)_rowOfNumber.Length ? _rowOfNumber[number] - 1 : -1;

    /// <summary>The title of a number; null when there is none.</summary>
    public TitleEntry? EntryOf(int number) => RowOf(number) is >= 0 and var row ? this[row] : null;

    /// <summary>The title of an id; null when there is none.</summary>
    public TitleEntry? Find(string titleId) => EntryOf(Titles.Find(titleId));

    /// <summary>The catalogue after a change.</summary>
    /// <param name="model">The model to rank with; the same object when it did not change.</param>
    /// <param name="changed">New and changed titles, whole.</param>
    /// <param name="removed">Ids of titles that are gone; unknown ones are ignored.</param>
    /// <param name="streamTime">The largest event time reflected; an earlier one than before is ignored.</param>
    /// <param name="version">The version of the result.</param>
    /// <remarks>O(changed titles), or O(titles) when all features are computed anew.</remarks>
    public CatalogueSnapshot With(
        PublishedModel model,
        IReadOnlyCollection<CatalogueRow> changed,
        IReadOnlyCollection<string> removed,
        long streamTime,
        long version)
    {
        var change = new SnapshotChange(_blocks, _rowOfNumber, RowCount, UnknownTitleCount, _totals, Titles, model);
        foreach (var row in changed)
        {
            change.Put(row);
        }

        foreach (var titleId in removed)
        {
            change.Remove(titleId);
        }

        streamTime = Math.Max(streamTime, StreamTime);
        var everything = streamTime - _refreshedAt > RefreshAfter.TotalMilliseconds || change.ChangedRows > RowCount / 4;
        var refreshedAt = everything ? streamTime : _refreshedAt;
        change.Refresh(everything, refreshedAt);
        if (!ReferenceEquals(model.Embeddings, Model.Embeddings) || !ReferenceEquals(model.Newcomers, Model.Newcomers) || !ReferenceEquals(model.Sequence, Model.Sequence))
        {
            change.EmbedAll();
        }

        var content = change.HasChangedContent || change.Blocks.Length != _blocks.Length ? null : this;
        return new CatalogueSnapshot(
            change.Blocks, change.RowOfNumber, change.RowCount, change.UnknownTitles, change.Totals, refreshedAt, model, Titles, streamTime, version, content);
    }
}
