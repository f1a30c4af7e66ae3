using System.Numerics;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Users;

namespace Marquee.Engine.Recommendations;

/// <summary>Scores all titles by the sequence tower: what the order of the viewer's last titles says.</summary>
/// <remarks>
/// The state after the viewer's newest title is computed once per event (<see cref="UserTaste.Follow"/>); a ranking adds how
/// long ago that was, and makes one pass over the titles' vectors. Exact, so that what is high here is among the candidates.
/// </remarks>
internal static class SequenceScan
{
    /// <summary>Brings scores, which are logarithms of how many times likelier a title is, to the size of the other features.</summary>
    public const float Scale = 0.3f;

    /// <summary>Fills the scratch's scores of the sequence; zeros without a tower, or for a viewer of whom it knows no title.</summary>
    /// <param name="taste">The viewer.</param>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="now">Stream time, milliseconds since the Unix epoch.</param>
    /// <param name="scratch">Reset.</param>
    public static void Run(UserTaste taste, CatalogueSnapshot catalogue, long now, Scratch scratch)
    {
        var scores = scratch.Sequence.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        if (catalogue.Model.Sequence is not { } tower
            || taste.Recent.Length == 0
            || taste.Follow(tower, catalogue.Titles) is not { Hidden: { } hidden, OccurredAt: var last })
        {
            scores.Clear();
            return;
        }

        Span<float> gated = stackalloc float[hidden.Length];
        Span<float> query = stackalloc float[tower.Dimension];
        tower.Network.Query(hidden, SequenceStep.GapOf(now - last), gated, query);
        foreach (ref var value in query)
        {
            value *= Scale;
        }

        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            Products(catalogue.Blocks[i].Sequences, query, scores.Slice(i * CatalogueBlock.Rows, CatalogueBlock.Rows));
        }
    }

    /// <summary>Inner products of all rows of a block with a query. O(rows · d), allocates nothing.</summary>
    /// <param name="block">The rows.</param>
    /// <param name="query">float32[d].</param>
    /// <param name="scores">float32[rows], overwritten.</param>
    /// <exception cref="ArgumentException">A length is wrong.</exception>
    public static void Products(SequenceBlock block, ReadOnlySpan<float> query, Span<float> scores)
    {
        if (query.Length != block.Dimension || scores.Length != CatalogueBlock.Rows)
        {
            throw new ArgumentException($"{CatalogueBlock.Rows} vectors of {block.Dimension} dimensions, a query of {query.Length} and room for {scores.Length} scores.");
        }

        if (!Vector.IsHardwareAccelerated || Vector<uint>.Count > SequenceBlock.GroupWords)
        {
            PlainProducts(block, query, scores);
            return;
        }

        var width = Vector<uint>.Count;
        var upper = new Vector<uint>(0xFFFF0000u);
        ref var words = ref MemoryMarshal.GetArrayDataReference(block.Packed);
        for (var at = 0; at < CatalogueBlock.Rows / 2; at += 4 * width)
        {
            Vector<float> lower0 = default, lower1 = default, lower2 = default, lower3 = default;
            Vector<float> upper0 = default, upper1 = default, upper2 = default, upper3 = default;
            var word = (nuint)((at / SequenceBlock.TileWords * SequenceBlock.TileWords * query.Length) + (at % SequenceBlock.TileWords));
            foreach (var value in query)
            {
                var x = new Vector<float>(value);
                var pair = Vector.LoadUnsafe(ref words, word);
                lower0 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair << 16), x, lower0);
                upper0 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair & upper), x, upper0);
                pair = Vector.LoadUnsafe(ref words, word + (nuint)width);
                lower1 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair << 16), x, lower1);
                upper1 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair & upper), x, upper1);
                pair = Vector.LoadUnsafe(ref words, word + (nuint)(2 * width));
                lower2 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair << 16), x, lower2);
                upper2 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair & upper), x, upper2);
                pair = Vector.LoadUnsafe(ref words, word + (nuint)(3 * width));
                lower3 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair << 16), x, lower3);
                upper3 = Vector.FusedMultiplyAdd(Vector.AsVectorSingle(pair & upper), x, upper3);
                word += SequenceBlock.TileWords;
            }

            Store(lower0, upper0, at, scores);
            Store(lower1, upper1, at + width, scores);
            Store(lower2, upper2, at + (2 * width), scores);
            Store(lower3, upper3, at + (3 * width), scores);
        }
    }

    /// <summary>The plain twin of <see cref="Products"/>: its specification.</summary>
    internal static void PlainProducts(SequenceBlock block, ReadOnlySpan<float> query, Span<float> scores)
    {
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = 0;
            for (var i = 0; i < query.Length; i++)
            {
                scores[row] = MathF.FusedMultiplyAdd(block[row, i], query[i], scores[row]);
            }
        }
    }

    private static void Store(Vector<float> lower, Vector<float> upper, int word, Span<float> scores)
    {
        var row = (word / SequenceBlock.GroupWords * SequenceBlock.Group) + (word % SequenceBlock.GroupWords);
        lower.CopyTo(scores[row..]);
        upper.CopyTo(scores[(row + SequenceBlock.GroupWords)..]);
    }
}
