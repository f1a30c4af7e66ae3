using System.Runtime.InteropServices;
using Marquee.Engine.Models;

namespace Marquee.Engine.Catalogue;

/// <summary>The vectors of the rows of one block under a <see cref="SequenceTower"/>, tile by tile of rows, there dimension by dimension, each number as a bfloat16.</summary>
/// <remarks>
/// All rows are scored for every ranking, so rows lie side by side: sixteen of them share eight words, and one shift and one
/// mask make two vectors of consecutive rows. A tile has as many rows as their sums fit into registers, so that scoring reads
/// the memory from its beginning to its end.
/// </remarks>
internal sealed class SequenceBlock
{
    /// <summary>Rows that share <see cref="GroupWords"/> words: the first half in the lower halves of the words, the second in the upper.</summary>
    public const int Group = 16;

    /// <summary>Words of a group.</summary>
    public const int GroupWords = Group / 2;

    /// <summary>Rows of a tile.</summary>
    public const int Tile = 64;

    /// <summary>Words of one dimension of a tile.</summary>
    public const int TileWords = Tile / 2;

    /// <summary>Of a model without a tower.</summary>
    public static readonly SequenceBlock None = new(0);

    /// <summary>uint32[rows / <see cref="Tile"/>, d, <see cref="TileWords"/>].</summary>
    public readonly uint[] Packed;

    /// <summary>Zeros.</summary>
    public SequenceBlock(int dimension) => (Dimension, Packed) = (dimension, new uint[CatalogueBlock.Rows / Tile * dimension * TileWords]);

    private SequenceBlock(SequenceBlock other) => (Dimension, Packed) = (other.Dimension, [.. other.Packed]);

    /// <summary>d.</summary>
    public int Dimension { get; }

    /// <summary>A copy to change.</summary>
    public SequenceBlock Copy() => new(this);

    /// <summary>Sets a row's vector. Only before the block becomes part of a snapshot.</summary>
    /// <param name="row">Within the block.</param>
    /// <param name="vector">float32[d], finite.</param>
    public void Set(int row, ReadOnlySpan<float> vector)
    {
        for (var i = 0; i < vector.Length; i++)
        {
            Half(row, i) = EmbeddingBlock.Round(vector[i]);
        }
    }

    /// <summary>One number of a row's vector.</summary>
    public float this[int row, int dimension] => BitConverter.UInt32BitsToSingle((uint)Half(row, dimension) << 16);

    private ref ushort Half(int row, int dimension)
    {
        var word = (((row / Tile * Dimension) + dimension) * TileWords) + (row % Tile / Group * GroupWords) + (row % GroupWords);
        return ref MemoryMarshal.Cast<uint, ushort>(Packed.AsSpan(word, 1))[row % Group / GroupWords];
    }
}
