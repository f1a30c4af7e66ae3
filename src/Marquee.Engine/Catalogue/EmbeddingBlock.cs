using System.Runtime.InteropServices;

namespace Marquee.Engine.Catalogue;

/// <summary>The embeddings of the rows of one block, each number as a bfloat16: the upper half of a float, rounded to nearest.</summary>
/// <remarks>
/// A scan of all embeddings waits for memory, and these are half of it; 8 bits of mantissa are more than a trained embedding means.
/// Two rows share a word, so that one shift and one mask make two vectors of floats, with no need to widen.
/// </remarks>
internal sealed class EmbeddingBlock
{
    /// <summary>Rows whose numbers are the lower halves of words; the others' are the upper halves.</summary>
    public const int LowerRows = CatalogueBlock.Rows / 2;

    /// <summary>Of a model without embeddings.</summary>
    public static readonly EmbeddingBlock None = new(0);

    /// <summary>uint32[d, <see cref="LowerRows"/>], one dimension after the other: row r in the lower half, row r + <see cref="LowerRows"/> in the upper.</summary>
    public readonly uint[] Words;

    /// <summary>Zeros.</summary>
    public EmbeddingBlock(int dimension) => Words = new uint[dimension * LowerRows];

    private EmbeddingBlock(EmbeddingBlock other) => Words = [.. other.Words];

    /// <summary>d.</summary>
    public int Dimension => Words.Length / LowerRows;

    /// <summary>A copy to change.</summary>
    public EmbeddingBlock Copy() => new(this);

    /// <summary>Sets a row's embedding. Only before the block becomes part of a snapshot.</summary>
    /// <param name="row">Within the block.</param>
    /// <param name="embedding">float32[d], finite.</param>
    public void Set(int row, ReadOnlySpan<float> embedding)
    {
        for (var i = 0; i < embedding.Length; i++)
        {
            HalvesOf(i)[At(row)] = Round(embedding[i]);
        }
    }

    /// <summary>One number of a row's embedding.</summary>
    public float this[int row, int dimension] => BitConverter.UInt32BitsToSingle((uint)HalvesOf(dimension)[At(row)] << 16);

    private Span<ushort> HalvesOf(int dimension) => MemoryMarshal.Cast<uint, ushort>(Words.AsSpan(dimension * LowerRows, LowerRows));

    private static int At(int row) => (2 * (row % LowerRows)) + (row / LowerRows);

    /// <summary>To nearest, ties to even.</summary>
    private static ushort Round(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }
}
