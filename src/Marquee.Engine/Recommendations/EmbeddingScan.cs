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
    /// <param name="columns">float32[d, n], one dimension after the other; n a multiple of 32.</param>
    /// <param name="first">float32[d].</param>
    /// <param name="second">float32[d].</param>
    /// <param name="firstProducts">float32[n], overwritten.</param>
    /// <param name="secondProducts">float32[n], overwritten.</param>
    public static void Products(
        ReadOnlySpan<float> columns, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstProducts, Span<float> secondProducts)
    {
        const int Step = 4;
        var n = firstProducts.Length;
        if (!Vector256.IsHardwareAccelerated || n % (Step * Vector256<float>.Count) != 0)
        {
            PlainProducts(columns, first, second, firstProducts, secondProducts);
            return;
        }

        ref var all = ref MemoryMarshal.GetReference(columns);
        for (var row = 0; row < n; row += Step * Vector256<float>.Count)
        {
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
            for (var i = 0; i < first.Length; i++)
            {
                var at = (nuint)((i * n) + row);
                var (a, b) = (Vector256.Create(first[i]), Vector256.Create(second[i]));
                var x = Vector256.LoadUnsafe(ref all, at);
                (a0, b0) = (Vector256.FusedMultiplyAdd(x, a, a0), Vector256.FusedMultiplyAdd(x, b, b0));
                x = Vector256.LoadUnsafe(ref all, at + 8);
                (a1, b1) = (Vector256.FusedMultiplyAdd(x, a, a1), Vector256.FusedMultiplyAdd(x, b, b1));
                x = Vector256.LoadUnsafe(ref all, at + 16);
                (a2, b2) = (Vector256.FusedMultiplyAdd(x, a, a2), Vector256.FusedMultiplyAdd(x, b, b2));
                x = Vector256.LoadUnsafe(ref all, at + 24);
                (a3, b3) = (Vector256.FusedMultiplyAdd(x, a, a3), Vector256.FusedMultiplyAdd(x, b, b3));
            }

            Store(firstProducts.Slice(row, 32), a0, a1, a2, a3);
            Store(secondProducts.Slice(row, 32), b0, b1, b2, b3);
        }
    }

    /// <summary>The plain twin of <see cref="Products"/>: its specification.</summary>
    internal static void PlainProducts(
        ReadOnlySpan<float> columns, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstProducts, Span<float> secondProducts)
    {
        var n = firstProducts.Length;
        for (var row = 0; row < n; row++)
        {
            float sumA = 0, sumB = 0;
            for (var i = 0; i < first.Length; i++)
            {
                sumA += columns[(i * n) + row] * first[i];
                sumB += columns[(i * n) + row] * second[i];
            }

            (firstProducts[row], secondProducts[row]) = (sumA, sumB);
        }
    }

    private static void Store(Span<float> products, Vector256<float> x0, Vector256<float> x1, Vector256<float> x2, Vector256<float> x3)
    {
        x0.CopyTo(products);
        x1.CopyTo(products[8..]);
        x2.CopyTo(products[16..]);
        x3.CopyTo(products[24..]);
    }
}
