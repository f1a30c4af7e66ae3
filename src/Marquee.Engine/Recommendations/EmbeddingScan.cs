using System.Numerics;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;

namespace Marquee.Engine.Recommendations;

/// <summary>Inner products of titles' embeddings with a viewer's two embeddings.</summary>
internal static class EmbeddingScan
{
    /// <summary>Two inner products with the embedding of one row. O(d), allocates nothing.</summary>
    /// <param name="block">Holds the row.</param>
    /// <param name="row">Within the block.</param>
    /// <param name="first">float32[d], filled up with zeros to whole groups of <see cref="EmbeddingBlock.Group"/>.</param>
    /// <param name="second">The same for the other embedding.</param>
    /// <exception cref="ArgumentException">The dimensions differ.</exception>
    public static (float First, float Second) Products(EmbeddingBlock block, int row, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        if (first.Length != 2 * block.RowWords || second.Length != first.Length)
        {
            throw new ArgumentException($"The titles' embeddings have {block.Dimension} dimensions, the viewer's {first.Length} and {second.Length} with those to fill up.");
        }

        if (!Vector.IsHardwareAccelerated || Vector<uint>.Count > EmbeddingBlock.GroupWords)
        {
            return PlainProducts(block, row, first, second);
        }

        var upper = new Vector<uint>(0xFFFF0000u);
        ref var words = ref MemoryMarshal.GetReference(block.Packed.AsSpan(row * block.RowWords, block.RowWords));
        ref var firsts = ref MemoryMarshal.GetReference(first);
        ref var seconds = ref MemoryMarshal.GetReference(second);
        Vector<float> lowerA = default, upperA = default, lowerB = default, upperB = default;
        for (var word = 0; word < block.RowWords; word += Vector<uint>.Count)
        {
            var lowerAt = (nuint)((word / EmbeddingBlock.GroupWords * EmbeddingBlock.Group) + (word % EmbeddingBlock.GroupWords));
            var upperAt = lowerAt + EmbeddingBlock.GroupWords;
            var pair = Vector.LoadUnsafe(ref words, (nuint)word);
            var x = Vector.AsVectorSingle(pair << 16);
            lowerA = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref firsts, lowerAt), lowerA);
            lowerB = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref seconds, lowerAt), lowerB);
            x = Vector.AsVectorSingle(pair & upper);
            upperA = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref firsts, upperAt), upperA);
            upperB = Vector.FusedMultiplyAdd(x, Vector.LoadUnsafe(ref seconds, upperAt), upperB);
        }

        return (Vector.Sum(lowerA + upperA), Vector.Sum(lowerB + upperB));
    }

    /// <summary>The plain twin of <see cref="Products"/>: its specification.</summary>
    internal static (float First, float Second) PlainProducts(EmbeddingBlock block, int row, ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        float sumA = 0, sumB = 0;
        for (var i = 0; i < block.Dimension; i++)
        {
            sumA += block[row, i] * first[i];
            sumB += block[row, i] * second[i];
        }

        return (sumA, sumB);
    }
}
