using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>The first stage: one pass over all titles that gives each the most that it can score.</summary>
/// <remarks>
/// Exact but for the embeddings: those are most of what is to be read, and count for little with most titles. By Cauchy and
/// Schwarz an inner product is at most the product of the norms, so the few titles that could still be among the best are
/// found without reading any embedding, and <see cref="CandidateSelection"/> reads theirs (the idea of the threshold
/// algorithm, Fagin, Lotem, Naor 2001).
/// </remarks>
internal static class CandidateScan
{
    /// <summary>Fills the scores: an upper bound of the weighted sum of all features, negative infinity where nothing may be recommended.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">As <see cref="TasteScan"/> left it.</param>
    /// <param name="sum">What is added up: <see cref="BlockSum.UpTo"/>, or <see cref="BlockSum.WithoutEmbeddings"/>, which is exact.</param>
    /// <param name="all">float32[rows], overwritten.</param>
    public static void Run(CatalogueSnapshot catalogue, Scratch scratch, in BlockSum sum, Span<float> all)
    {
        sum.FillTables(scratch, catalogue.Content.CombinationCount);
        for (var block = 0; block < catalogue.Blocks.Length; block++)
        {
            AddUp(block, catalogue, scratch, sum, all.Slice(block * CatalogueBlock.Rows, CatalogueBlock.Rows));
        }

        AddNeighbours(scratch, all);
    }

    /// <summary>Adds up one block, without the features that neighbours give, once the tables are filled.</summary>
    /// <param name="index">Which block.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">As <see cref="TasteScan"/> left it.</param>
    /// <param name="sum">What is added up.</param>
    /// <param name="scores">float32[rows of a block], overwritten.</param>
    public static void AddUp(int index, CatalogueSnapshot catalogue, Scratch scratch, in BlockSum sum, Span<float> scores)
    {
        Span<float> mixed = stackalloc float[CatalogueBlock.Rows];
        var content = catalogue.Content;
        var start = index * CatalogueBlock.Rows;
        var block = catalogue.Blocks[index];
        LookUp(content.Years.AsSpan(start, mixed.Length), content.Combinations.AsSpan(start, mixed.Length), block.Column(CatalogueBlock.NewcomerShare), scratch, mixed);
        var details = scratch.Details.AsSpan(start, mixed.Length);
        var sequence = scratch.Sequence.AsSpan(start, mixed.Length);
        if (Vector.IsHardwareAccelerated)
        {
            sum.Add(block, mixed, details, sequence, scores);
        }
        else
        {
            sum.PlainAdd(block, mixed, details, sequence, scores);
        }
    }

    /// <summary>What years and genres add to titles.</summary>
    /// <remarks>Without bounds checks, which would take a third of the time: slots are made for their table.</remarks>
    private static void LookUp(ReadOnlySpan<byte> years, ReadOnlySpan<int> combinations, ReadOnlySpan<float> shares, Scratch scratch, Span<float> mixed)
    {
        ref var ofYear = ref MemoryMarshal.GetArrayDataReference(scratch.YearTable);
        ref var ofGenres = ref MemoryMarshal.GetArrayDataReference(scratch.GenreTable);
        for (var row = 0; row < mixed.Length; row++)
        {
            var pair = Unsafe.Add(ref ofYear, years[row]) + Unsafe.Add(ref ofGenres, combinations[row]);
            mixed[row] = pair.X + (shares[row] * pair.Y);
        }
    }

    /// <summary>Adds the features that are 0 for most titles, where they are not.</summary>
    private static void AddNeighbours(Scratch scratch, Span<float> all)
    {
        var rows = CollectionsMarshal.AsSpan(scratch.Touched);
        if (rows.IsEmpty)
        {
            return;
        }

        var sums = scratch.Gather(rows.Length);
        sums.Clear();
        for (var feature = 0; feature <= TasteFeatures.LastOfNeighbours; feature++)
        {
            TensorPrimitives.MultiplyAdd(scratch.Neighbours[feature].AsSpan(0, rows.Length), scratch.CandidateWeights[TitleFeatures.Count + feature], sums, sums);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            all[rows[i]] += sums[i];
        }
    }
}
