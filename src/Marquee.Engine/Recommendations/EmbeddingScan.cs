using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;

namespace Marquee.Engine.Recommendations;

/// <summary>Inner products of every title's embedding with a viewer's two embeddings, in one pass over the titles.</summary>
internal static class EmbeddingScan
{
    /// <summary>Scans all blocks. O(n·d), allocates nothing.</summary>
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

    /// <summary>Two inner products per row of a block.</summary>
    /// <param name="block">d × 64 numbers.</param>
    /// <param name="first">float32[d].</param>
    /// <param name="second">float32[d].</param>
    /// <param name="firstProducts">float32[64], overwritten.</param>
    /// <param name="secondProducts">float32[64], overwritten.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static void Products(
        EmbeddingBlock block, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstProducts, Span<float> secondProducts)
    {
        if (first.Length != block.Dimension || second.Length != block.Dimension)
        {
            throw new ArgumentException($"The titles' embeddings have {block.Dimension} dimensions, the viewer's {first.Length} and {second.Length}.");
        }

        if (!Vector256.IsHardwareAccelerated)
        {
            PlainProducts(block, first, second, firstProducts, secondProducts);
            return;
        }

        var upper = Vector256.Create(0xFFFF0000u);
        ref var words = ref MemoryMarshal.GetArrayDataReference(block.Packed);
        ref var firsts = ref MemoryMarshal.GetReference(first);
        ref var seconds = ref MemoryMarshal.GetReference(second);
        for (var row = 0; row < CatalogueBlock.Rows; row += EmbeddingBlock.TileRows)
        {
            // The sums of a tile stay in eight registers while all dimensions pass by.
            Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default;
            Vector256<float> b0 = default, b1 = default, b2 = default, b3 = default;
            for (var i = 0; i < first.Length; i++)
            {
                var (a, b) = (Vector256.Create(Unsafe.Add(ref firsts, i)), Vector256.Create(Unsafe.Add(ref seconds, i)));
                var pair = Vector256.LoadUnsafe(ref words);
                var x = (pair << 16).AsSingle();
                (a0, b0) = (Vector256.FusedMultiplyAdd(x, a, a0), Vector256.FusedMultiplyAdd(x, b, b0));
                x = (pair & upper).AsSingle();
                (a2, b2) = (Vector256.FusedMultiplyAdd(x, a, a2), Vector256.FusedMultiplyAdd(x, b, b2));
                pair = Vector256.LoadUnsafe(ref words, 8);
                x = (pair << 16).AsSingle();
                (a1, b1) = (Vector256.FusedMultiplyAdd(x, a, a1), Vector256.FusedMultiplyAdd(x, b, b1));
                x = (pair & upper).AsSingle();
                (a3, b3) = (Vector256.FusedMultiplyAdd(x, a, a3), Vector256.FusedMultiplyAdd(x, b, b3));
                words = ref Unsafe.Add(ref words, EmbeddingBlock.Words);
            }

            Store(firstProducts[row..], a0, a1, a2, a3);
            Store(secondProducts[row..], b0, b1, b2, b3);
        }
    }

    /// <summary>The plain twin of <see cref="Products"/>: its specification.</summary>
    internal static void PlainProducts(
        EmbeddingBlock block, ReadOnlySpan<float> first, ReadOnlySpan<float> second, Span<float> firstProducts, Span<float> secondProducts)
    {
        for (var row = 0; row < CatalogueBlock.Rows; row++)
        {
            float sumA = 0, sumB = 0;
            for (var i = 0; i < first.Length; i++)
            {
                sumA += block[row, i] * first[i];
                sumB += block[row, i] * second[i];
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
