using System.Runtime.InteropServices;

namespace Marquee.Engine.Catalogue;

/// <summary>The embeddings of the rows of one block, each number as a bfloat16: the upper half of a float, rounded to nearest.</summary>
/// <remarks>
/// A scan of all embeddings waits for memory, and these are half of it; 8 bits of mantissa are more than a trained embedding means.
/// Two rows share a word, so that one shift and one mask make two vectors of floats, with no need to widen.
/// </remarks>
internal sealed class EmbeddingBlock
{
    /// <summary>Rows of a tile. Its numbers lie in the order in which a scan reads them.</summary>
    public const int TileRows = 32;

    /// <summary>Tiles of a block.</summary>
    public const int Tiles = CatalogueBlock.Rows / TileRows;

    /// <summary>Words per tile and dimension: the first half of a tile's rows are the lower halves of words, the second the upper.</summary>
    public const int Words = TileRows / 2;

    /// <summary>Of a model without embeddings.</summary>
    public static readonly EmbeddingBlock None = new(0);

    /// <summary>uint32[<see cref="Tiles"/>, d, <see cref="Words"/>].</summary>
    public readonly uint[] Packed;

    /// <summary>Zeros.</summary>
    public EmbeddingBlock(int dimension) => Packed = new uint[Tiles * dimension * Words];

    private EmbeddingBlock(EmbeddingBlock other) => Packed = [.. other.Packed];

    /// <summary>d.</summary>
    public int Dimension => Packed.Length / (Tiles * Words);

    /// <summary>A copy to change.</summary>
    public EmbeddingBlock Copy() => new(this);

    /// <summary>Sets a row's embedding. Only before the block becomes part of a snapshot.</summary>
    /// <param name="row">Within the block.</param>
    /// <param name="embedding">float32[d], finite.</param>
    public void Set(int row, ReadOnlySpan<float> embedding)
    {
        for (var i = 0; i < embedding.Length; i++)
        {
            Half(row, i) = Round(embedding[i]);
        }
    }

    /// <summary>One number of a row's embedding.</summary>
    public float this[int row, int dimension] => BitConverter.UInt32BitsToSingle((uint)Half(row, dimension) << 16);

    private ref ushort Half(int row, int dimension)
    {
        var word = (((row / TileRows * Dimension) + dimension) * Words) + (row % Words);
        return ref MemoryMarshal.Cast<uint, ushort>(Packed.AsSpan(word, 1))[row % TileRows / Words];
    }

    /// <summary>To nearest, ties to even.</summary>
    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
