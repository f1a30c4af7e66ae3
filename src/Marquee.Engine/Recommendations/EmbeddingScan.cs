using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>Inner products of every title's embedding with a viewer's two embeddings, in one pass over the titles.</summary>
internal static class EmbeddingScan
{
    /// <summary>Scans all blocks.</summary>
    /// <param name="blocks">The catalogue.</param>
    /// <param name="taste">The viewer, folded into the model whose embeddings the blocks hold.</param>
    /// <param name="lasting">float32[rows], overwritten.</param>
    /// <param name="recent">float32[rows], overwritten.</param>
    public static void Run(ReadOnlySpan<CatalogueBlock> blocks, FoldedTaste taste, Span<float> lasting, Span<float> recent)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            var start = i * CatalogueBlock.Rows;
            Products(
                blocks[i].Embeddings, taste.Lasting, taste.Recent, lasting.Slice(start, CatalogueBlock.Rows), recent.Slice(start, CatalogueBlock.Rows));
        }
    }

    /// <summary>Two inner products per row. O(n·d), allocates nothing.</summary>
    /// <param name="rows">float32[n, d], row-major.</param>
    /// <param name="first">float32[d].</param>
    /// <param name="second">float32[d].</param>
    /// <param name="firstProducts">float32[n], overwritten.</param>
    /// <param name="secondProducts">float32[n], overwritten.</param>
    public static void Products(
        ReadOnlySpan<float> rows, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstProducts, Span<float> secondProducts)
    {
        var dimension = first.Length;
        if (!Vector256.IsHardwareAccelerated || dimension % Vector256<float>.Count != 0)
        {
            PlainProducts(rows, first, second, firstProducts, secondProducts);
            return;
        }

        var a = MemoryMarshal.Cast<float, Vector256<float>>(first);
        var b = MemoryMarshal.Cast<float, Vector256<float>>(second);
        var all = MemoryMarshal.Cast<float, Vector256<float>>(rows);
        for (var row = 0; row < firstProducts.Length; row++)
        {
            var x = all.Slice(row * a.Length, a.Length);
            var sumA = Vector256<float>.Zero;
            var sumB = Vector256<float>.Zero;
            for (var i = 0; i < x.Length; i++)
            {
                sumA = Vector256.FusedMultiplyAdd(x[i], a[i], sumA);
                sumB = Vector256.FusedMultiplyAdd(x[i], b[i], sumB);
            }

            firstProducts[row] = Vector256.Sum(sumA);
            secondProducts[row] = Vector256.Sum(sumB);
        }
    }

    /// <summary>The plain twin of <see cref="Products"/>: its specification.</summary>
    internal static void PlainProducts(
        ReadOnlySpan<float> rows, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstProducts, Span<float> secondProducts)
    {
        for (var row = 0; row < firstProducts.Length; row++)
        {
            float sumA = 0, sumB = 0;
            for (var i = 0; i < first.Length; i++)
            {
                sumA += rows[(row * first.Length) + i] * first[i];
                sumB += rows[(row * first.Length) + i] * second[i];
            }

            (firstProducts[row], secondProducts[row]) = (sumA, sumB);
        }
    }
}
