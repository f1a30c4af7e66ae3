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
        var content = catalogue.Content;
        Span<float> known = stackalloc float[CatalogueBlock.Rows];
        Span<float> change = stackalloc float[CatalogueBlock.Rows];
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var start = i * CatalogueBlock.Rows;
            LookUp(sum, content.Years.AsSpan(start, CatalogueBlock.Rows), content.Combinations.AsSpan(start, CatalogueBlock.Rows), scratch, known, change);
            var details = scratch.Details.AsSpan(start, CatalogueBlock.Rows);
            var scores = all.Slice(start, CatalogueBlock.Rows);
            if (Vector.IsHardwareAccelerated)
            {
                sum.Add(catalogue.Blocks[i], known, change, details, scores);
            }
            else
            {
                sum.PlainAdd(catalogue.Blocks[i], known, change, details, scores);
            }
        }

        AddNeighbours(scratch, all);
    }

    /// <summary>What year and genres add to a title of which everything is known, and how that changes for a newcomer.</summary>
    /// <remarks>Without bounds checks, which would take a third of the time: slots are made for their table.</remarks>
    private static void LookUp(in BlockSum sum, ReadOnlySpan<byte> years, ReadOnlySpan<int> combinations, Scratch scratch, Span<float> known, Span<float> change)
    {
        ref var profile = ref MemoryMarshal.GetArrayDataReference(scratch.YearProfile);
        ref var ages = ref MemoryMarshal.GetArrayDataReference(scratch.Ages);
        ref var overlaps = ref MemoryMarshal.GetArrayDataReference(scratch.Combinations);
        for (var row = 0; row < known.Length; row++)
        {
            var (year, age, genre) = (Unsafe.Add(ref profile, years[row]), Unsafe.Add(ref ages, years[row]), Unsafe.Add(ref overlaps, combinations[row]));
            known[row] = (sum.Year * year) + (sum.Genre * genre);
            change[row] = (sum.Age * age) + (sum.YearChange * year) + (sum.GenreChange * genre);
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
