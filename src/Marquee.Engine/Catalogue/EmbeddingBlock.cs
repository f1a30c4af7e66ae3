using System.Runtime.InteropServices;

namespace Marquee.Engine.Catalogue;

/// <summary>The embeddings of the rows of one block, each number as a bfloat16: the upper half of a float, rounded to nearest.</summary>
/// <remarks>
/// Reading embeddings waits for memory, and these are half of it; 8 bits of mantissa are more than a trained embedding means.
/// Two numbers share a word, eight apart, so that one shift and one mask make two vectors of consecutive numbers, with no need to widen.
/// </remarks>
internal sealed class EmbeddingBlock
{
    /// <summary>Numbers that share <see cref="GroupWords"/> words: the first half in the lower halves of the words, the second in the upper.</summary>
    public const int Group = 16;

    /// <summary>Words of a group.</summary>
    public const int GroupWords = Group / 2;

    /// <summary>Of a model without embeddings.</summary>
    public static readonly EmbeddingBlock None = new(0);

    /// <summary>uint32[<see cref="CatalogueBlock.Rows"/>, <see cref="RowWords"/>]; the dimensions are filled up with zeros to whole groups.</summary>
    public readonly uint[] Packed;

    /// <summary>float32[<see cref="CatalogueBlock.Rows"/>]: the Euclidean norms of the rows as they are stored.</summary>
    public readonly float[] Norms;

    /// <summary>Zeros.</summary>
    public EmbeddingBlock(int dimension)
    {
        (Dimension, RowWords) = (dimension, (dimension + Group - 1) / Group * GroupWords);
        Packed = new uint[CatalogueBlock.Rows * RowWords];
        Norms = new float[CatalogueBlock.Rows];
    }

    private EmbeddingBlock(EmbeddingBlock other) =>
        (Dimension, RowWords, Packed, Norms) = (other.Dimension, other.RowWords, [.. other.Packed], [.. other.Norms]);

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>Words per row.</summary>
    public int RowWords { get; }

    /// <summary>A copy to change.</summary>
    public EmbeddingBlock Copy() => new(this);

    /// <summary>Sets a row's embedding. Only before the block becomes part of a snapshot.</summary>
    /// <param name="row">Within the block.</param>
    /// <param name="embedding">float32[d], finite.</param>
    public void Set(int row, ReadOnlySpan<float> embedding)
    {
        double squares = 0;
        for (var i = 0; i < embedding.Length; i++)
        {
            Half(row, i) = Round(embedding[i]);
            squares += (double)this[row, i] * this[row, i];
        }

        Norms[row] = (float)Math.Sqrt(squares);
    }

    /// <summary>One number of a row's embedding.</summary>
    public float this[int row, int dimension] => BitConverter.UInt32BitsToSingle((uint)Half(row, dimension) << 16);

    private ref ushort Half(int row, int dimension)
    {
        var word = (row * RowWords) + (dimension / Group * GroupWords) + (dimension % GroupWords);
        return ref MemoryMarshal.Cast<uint, ushort>(Packed.AsSpan(word, 1))[dimension % Group / GroupWords];
    }

    /// <summary>To nearest, ties to even.</summary>
    internal static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
