using Marquee.Engine.Models;

namespace Marquee.Engine.Catalogue;

/// <summary>256 consecutive rows of a snapshot as columns. Immutable once it is part of a snapshot; changed as a whole copy.</summary>
internal sealed class CatalogueBlock
{
    /// <summary>Rows per block: enough that a scan reads memory in long runs, few enough that a change copies little.</summary>
    public const int Rows = 256;

    /// <summary>The column after the features: 0 where the title may be recommended, negative infinity elsewhere.</summary>
    public const int Bias = TitleFeatures.Count;

    /// <summary>The column after the bias: 1 / √(positives + 20), by which co-watches are set against popularity.</summary>
    public const int Rarity = Bias + 1;

    /// <summary>The column after the rarity: the newcomer model's share in the title's score.</summary>
    public const int NewcomerShare = Rarity + 1;

    /// <summary>The last column: the promise that the newcomer model sees in the metadata.</summary>
    public const int Promise = NewcomerShare + 1;

    /// <summary>How many columns there are.</summary>
    public const int ColumnCount = Promise + 1;

    /// <summary>The titles; null where a row is free.</summary>
    public readonly TitleEntry?[] Entries;

    /// <summary>float32[<see cref="ColumnCount"/>, <see cref="Rows"/>], one feature after the other. Shared while unchanged.</summary>
    public float[] Columns;

    /// <summary>Zeros where the model knows nothing. Shared while unchanged.</summary>
    public EmbeddingBlock Embeddings;

    /// <summary>The same for the sequence tower.</summary>
    public SequenceBlock Sequences;

    /// <summary>The rows that have availability windows. Shared while unchanged.</summary>
    public int[] Restricted = [];

    /// <summary>A block of free rows.</summary>
    public CatalogueBlock(PublishedModel? model)
    {
        Entries = new TitleEntry?[Rows];
        Columns = new float[ColumnCount * Rows];
        Columns.AsSpan(Bias * Rows, Rows).Fill(float.NegativeInfinity);
        Embeddings = model is null or { Dimension: 0 } ? EmbeddingBlock.None : new EmbeddingBlock(model.Dimension);
        Sequences = model?.Sequence is { } tower ? new SequenceBlock(tower.Dimension) : SequenceBlock.None;
    }

    private CatalogueBlock(CatalogueBlock other)
    {
        Entries = [.. other.Entries];
        (Columns, Embeddings, Sequences) = (other.Columns, other.Embeddings, other.Sequences);
        Restricted = other.Restricted;
    }

    /// <summary>A copy to change.</summary>
    public CatalogueBlock Copy() => new(this);

    /// <summary>One feature of all rows.</summary>
    public ReadOnlySpan<float> Column(int feature) => Columns.AsSpan(feature * Rows, Rows);

    /// <summary>Puts a title, or nothing, into a row. Only before the block becomes part of a snapshot, and with columns of its own.</summary>
    public void Set(int row, TitleEntry? entry)
    {
        Entries[row] = entry;
        Columns[(Bias * Rows) + row] = entry is { IsRecommendable: true } ? 0 : float.NegativeInfinity;
        Columns[(Rarity * Rows) + row] = 1 / MathF.Sqrt((entry?.Statistics.Positives ?? 0) + 20);
        Columns[(NewcomerShare * Rows) + row] = entry is null ? 0 : NewcomerModel.ShareOf(Math.Max(entry.Statistics.Verdicts, entry.Statistics.Positives));
        if (entry?.Metadata is { Availability.Count: > 0 } != Restricted.Contains(row))
        {
            Restricted = Restricted.Contains(row) ? [.. Restricted.Where(other => other != row)] : [.. Restricted, row];
        }
    }

    /// <summary>Recomputes the features of a row.</summary>
    public void Refresh(int row, in PopularityTotals totals, long now)
    {
        if (Entries[row] is not { } entry)
        {
            return;
        }

        Span<float> features = stackalloc float[TitleFeatures.Count];
        TitleFeatures.Compute(entry, totals, now, features);
        for (var i = 0; i < features.Length; i++)
        {
            Columns[(i * Rows) + row] = features[i];
        }
    }

    /// <summary>Recomputes the features of all rows, several at a time.</summary>
    public void RefreshAll(in PopularityTotals totals, long now) => TitleFeatures.ComputeBlock(Entries, totals, now, Columns);

    /// <summary>Sets a row's promise. Only before the block becomes part of a snapshot.</summary>
    public void SetPromise(int row, float promise) => Columns[(Promise * Rows) + row] = promise;
}
