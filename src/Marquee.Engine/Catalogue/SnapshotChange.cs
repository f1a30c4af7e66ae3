using Marquee.Engine.Models;
using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>A snapshot in the making: blocks are copied the first time that one of their rows changes.</summary>
internal sealed class SnapshotChange
{
    private readonly CatalogueBlock[] _before;
    private readonly TitleTable _titles;
    private readonly PublishedModel _model;
    private readonly List<int> _changedRows = [];
    private bool _ownsRows;

    public SnapshotChange(
        CatalogueBlock[] blocks, int[] rowOfNumber, int rowCount, int unknownTitles, PopularityTotals totals, TitleTable titles, PublishedModel model)
    {
        (_before, _titles, _model) = (blocks, titles, model);
        (Blocks, RowOfNumber, RowCount, UnknownTitles, Totals) = ([.. blocks], rowOfNumber, rowCount, unknownTitles, totals);
    }

    public CatalogueBlock[] Blocks { get; private set; }

    /// <summary>int32[numbers]: one more than the row of a title's number, 0 without a row.</summary>
    public int[] RowOfNumber { get; private set; }

    public int RowCount { get; private set; }

    /// <summary>Titles without metadata.</summary>
    public int UnknownTitles { get; private set; }

    public PopularityTotals Totals { get; private set; }

    /// <summary>How many rows were put of which more than the neighbours changed.</summary>
    public int ChangedRows => _changedRows.Count;

    /// <summary>Whether the metadata of any row changed.</summary>
    public bool HasChangedContent { get; private set; }

    public void Put(CatalogueRow row)
    {
        var index = RowFor(_titles.NumberOf(row.TitleId), out var isNew);
        var block = Own(index);
        var slot = index % CatalogueBlock.Rows;
        var previous = block.Entries[slot];
        var entry = new TitleEntry(row, previous, _titles);
        if (previous is not null && ReferenceEquals(previous.Metadata, entry.Metadata) && ReferenceEquals(previous.Statistics, entry.Statistics))
        {
            // Its neighbours alone changed, of which the columns know nothing: more than half of all changes.
            block.Entries[slot] = entry;
            return;
        }

        OwnColumns(index).Set(slot, entry);
        Totals = Totals.Exchange(previous?.Statistics, entry.Statistics);
        UnknownTitles += (entry.Metadata is null ? 1 : 0) - (previous is { Metadata: null } ? 1 : 0);
        _changedRows.Add(index);
        if (isNew || previous is null || !ReferenceEquals(previous.Metadata, entry.Metadata))
        {
            Embed(index, entry);
            HasChangedContent |= entry.Metadata is not null || previous?.Metadata is not null;
        }
    }

    public void Remove(string titleId)
    {
        var number = _titles.NumberOf(titleId);
        if (number >= RowOfNumber.Length || RowOfNumber[number] == 0)
        {
            return;
        }

        var index = RowOfNumber[number] - 1;
        var block = OwnColumns(index);
        var previous = block.Entries[index % CatalogueBlock.Rows];
        Totals = Totals.Exchange(previous?.Statistics, null);
        UnknownTitles -= previous is { Metadata: null } ? 1 : 0;
        block.Set(index % CatalogueBlock.Rows, null);
        OwnRows(number);
        RowOfNumber[number] = 0;
        HasChangedContent = true;
    }

    /// <summary>Computes the features of the changed titles, or of all.</summary>
    public void Refresh(bool everything, long now)
    {
        var totals = Totals.At(now);
        if (!everything)
        {
            foreach (var row in _changedRows)
            {
                Blocks[row / CatalogueBlock.Rows].Refresh(row % CatalogueBlock.Rows, totals, now);
            }

            return;
        }

        for (var i = 0; i < Blocks.Length; i++)
        {
            OwnColumns(i * CatalogueBlock.Rows).RefreshAll(totals, now);
        }
    }

    /// <summary>Looks up every title's embedding anew.</summary>
    public void EmbedAll()
    {
        for (var i = 0; i < Blocks.Length; i++)
        {
            var block = OwnColumns(i * CatalogueBlock.Rows);
            block.Embeddings = new EmbeddingBlock(_model.Dimension);
            block.Sequences = _model.Sequence is { } tower ? new SequenceBlock(tower.Dimension) : SequenceBlock.None;
            for (var row = 0; row < CatalogueBlock.Rows; row++)
            {
                if (block.Entries[row] is { } entry)
                {
                    block.SetPromise(row, _model.Newcomers.PromiseOf(entry));
                    SetEmbedding(block, row, entry);
                    SetSequence(block, row, entry);
                }
            }
        }
    }

    /// <summary>Looks up the embedding of the title in a row; what the block shares with the snapshot before is copied the first time.</summary>
    private void Embed(int row, TitleEntry entry)
    {
        var index = row / CatalogueBlock.Rows;
        var (block, slot) = (Blocks[index], row % CatalogueBlock.Rows);
        var before = index < _before.Length ? _before[index] : null;
        block.SetPromise(slot, _model.Newcomers.PromiseOf(entry));
        if (_model.Sequence is { } tower)
        {
            if (block.Sequences.Dimension != tower.Dimension)
            {
                block.Sequences = new SequenceBlock(tower.Dimension);
            }
            else if (ReferenceEquals(block.Sequences, before?.Sequences))
            {
                block.Sequences = block.Sequences.Copy();
            }

            SetSequence(block, slot, entry);
        }

        if (_model.Dimension == 0)
        {
            return;
        }

        if (block.Embeddings.Dimension != _model.Dimension)
        {
            block.Embeddings = new EmbeddingBlock(_model.Dimension);
        }
        else if (ReferenceEquals(block.Embeddings, before?.Embeddings))
        {
            block.Embeddings = block.Embeddings.Copy();
        }

        SetEmbedding(block, slot, entry);
    }

    private void SetEmbedding(CatalogueBlock block, int slot, TitleEntry entry)
    {
        Span<float> embedding = stackalloc float[_model.Dimension];
        embedding.Clear();
        _model.Embed(entry, embedding);
        block.Embeddings.Set(slot, embedding);
    }

    private void SetSequence(CatalogueBlock block, int slot, TitleEntry entry)
    {
        if (_model.Sequence is { } tower)
        {
            Span<float> vector = stackalloc float[tower.Dimension];
            tower.Embed(entry, vector);
            block.Sequences.Set(slot, vector);
        }
    }

    private int RowFor(int number, out bool isNew)
    {
        isNew = number >= RowOfNumber.Length || RowOfNumber[number] == 0;
        if (!isNew)
        {
            return RowOfNumber[number] - 1;
        }

        OwnRows(number);
        var row = RowCount++;
        RowOfNumber[number] = row + 1;
        if (row / CatalogueBlock.Rows == Blocks.Length)
        {
            Blocks = [.. Blocks, new CatalogueBlock(_model)];
        }

        return row;
    }

    private void OwnRows(int number)
    {
        if (!_ownsRows || number >= RowOfNumber.Length)
        {
            var size = number < RowOfNumber.Length ? RowOfNumber.Length : Math.Max(number + 1, RowOfNumber.Length * 2);
            var copy = new int[size];
            RowOfNumber.CopyTo(copy, 0);
            RowOfNumber = copy;
            _ownsRows = true;
        }
    }

    private CatalogueBlock Own(int row)
    {
        var index = row / CatalogueBlock.Rows;
        var block = Blocks[index];
        return index < _before.Length && ReferenceEquals(block, _before[index]) ? Blocks[index] = block.Copy() : block;
    }

    private CatalogueBlock OwnColumns(int row)
    {
        var block = Own(row);
        var index = row / CatalogueBlock.Rows;
        if (index < _before.Length && ReferenceEquals(block.Columns, _before[index].Columns))
        {
            block.Columns = [.. block.Columns];
        }

        return block;
    }
}
