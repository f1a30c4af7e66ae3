using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;

namespace Marquee.Training.Recommendations;

/// <summary>The first stage as learning needs it: the exact score of every title, and the features that the softmax over all of them expects.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class CatalogueSoftmax
{
    private int _rows;
    private float[] _scores = [];
    private float[] _probabilities = [];
    private float[] _lasting = [];
    private float[] _recent = [];

    /// <summary>float32[rows]: the exact scores, negative infinity for what is filtered out.</summary>
    public ReadOnlySpan<float> Scores => _scores.AsSpan(0, _rows);

    /// <summary>Scores all titles. O(rows · (features + d)).</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">As <see cref="TasteScan"/> left it, or a ranking; its scores tell what is filtered out.</param>
    public void Score(CatalogueSnapshot catalogue, Scratch scratch)
    {
        _rows = catalogue.Blocks.Length * CatalogueBlock.Rows;
        if (_scores.Length < _rows)
        {
            (_scores, _probabilities, _lasting, _recent) = (new float[_rows], new float[_rows], new float[_rows], new float[_rows]);
        }

        CandidateScan.Run(catalogue, scratch, BlockSum.WithoutEmbeddings(scratch), _scores.AsSpan(0, _rows));
        var weights = scratch.CandidateWeights.AsSpan(TitleFeatures.Count);
        var newcomer = weights[TasteFeatures.Newcomer];
        for (var row = 0; row < _rows; row++)
        {
            var block = catalogue.Blocks[row / CatalogueBlock.Rows];
            var slot = row % CatalogueBlock.Rows;
            if (float.IsNegativeInfinity(scratch.Scores[row]))
            {
                _scores[row] = float.NegativeInfinity;
            }

            if (block.Embeddings.Norms is [] || block.Embeddings.Norms[slot] == 0)
            {
                (_lasting[row], _recent[row]) = (0, 0);
                continue;
            }

            var (lasting, recent) = EmbeddingScan.Products(block.Embeddings, slot, scratch.Lasting, scratch.Recent);
            var share = block.Column(CatalogueBlock.NewcomerShare)[slot];
            (_lasting[row], _recent[row]) = ((1 - share) * lasting, (1 - share) * recent);
            _scores[row] += (weights[TasteFeatures.Embedding] * _lasting[row]) + (weights[TasteFeatures.EmbeddingRecent] * _recent[row])
                + (newcomer * share * ((scratch.NewcomerWeights[NewcomerModel.Embedding] * lasting) + (scratch.NewcomerWeights[NewcomerModel.EmbeddingRecent] * recent)));
        }
    }

    /// <summary>The expected features under the softmax of the scores.</summary>
    /// <param name="catalogue">The same as was scored.</param>
    /// <param name="scratch">The same.</param>
    /// <param name="expected">float32[features], overwritten; what is expected of the newcomer model is 0, since nothing learns from it.</param>
    public void Expect(CatalogueSnapshot catalogue, Scratch scratch, Span<float> expected)
    {
        var probabilities = _probabilities.AsSpan(0, _rows);
        Softmax(Scores, probabilities);
        expected.Clear();
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var p = probabilities.Slice(i * CatalogueBlock.Rows, CatalogueBlock.Rows);
            for (var feature = 0; feature < TitleFeatures.Count; feature++)
            {
                expected[feature] += TensorPrimitives.Dot(catalogue.Blocks[i].Column(feature), p);
            }
        }

        var tastes = expected[TitleFeatures.Count..];
        ExpectNeighbours(probabilities, scratch, tastes);
        tastes[TasteFeatures.Embedding] = TensorPrimitives.Dot<float>(_lasting.AsSpan(0, _rows), probabilities);
        tastes[TasteFeatures.EmbeddingRecent] = TensorPrimitives.Dot<float>(_recent.AsSpan(0, _rows), probabilities);
        tastes[TasteFeatures.Sequence] = ExpectSequence(probabilities, catalogue, scratch);
        ExpectContent(probabilities, catalogue, scratch, tastes);
    }

    /// <summary>probabilities := softmax(scores); may be the same memory.</summary>
    public static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum(probabilities), probabilities);
    }

    private static void ExpectNeighbours(ReadOnlySpan<float> probabilities, Scratch scratch, Span<float> tastes)
    {
        var rows = CollectionsMarshal.AsSpan(scratch.Touched);
        if (rows.IsEmpty)
        {
            return;
        }

        var touched = scratch.Gather(rows.Length);
        for (var i = 0; i < rows.Length; i++)
        {
            touched[i] = probabilities[rows[i]];
        }

        for (var feature = 0; feature <= TasteFeatures.LastOfNeighbours; feature++)
        {
            tastes[feature] = TensorPrimitives.Dot<float>(scratch.Neighbours[feature].AsSpan(0, rows.Length), touched);
        }
    }

    private static float ExpectSequence(ReadOnlySpan<float> probabilities, CatalogueSnapshot catalogue, Scratch scratch)
    {
        float sum = 0;
        Span<float> known = stackalloc float[CatalogueBlock.Rows];
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            // 1 − share, as in CandidateFeatures.
            TensorPrimitives.Subtract(1, catalogue.Blocks[i].Column(CatalogueBlock.NewcomerShare), known);
            TensorPrimitives.Multiply(known, probabilities.Slice(i * CatalogueBlock.Rows, CatalogueBlock.Rows), known);
            sum += TensorPrimitives.Dot(known, scratch.Sequence.AsSpan(i * CatalogueBlock.Rows, CatalogueBlock.Rows));
        }

        return sum;
    }

    private static void ExpectContent(ReadOnlySpan<float> probabilities, CatalogueSnapshot catalogue, Scratch scratch, Span<float> tastes)
    {
        float years = 0, genres = 0, details = 0;
        for (var i = 0; i < catalogue.Blocks.Length; i++)
        {
            var shares = catalogue.Blocks[i].Column(CatalogueBlock.NewcomerShare);
            for (var slot = 0; slot < CatalogueBlock.Rows; slot++)
            {
                var row = (i * CatalogueBlock.Rows) + slot;
                var (year, genre, detail) = CandidateFeatures.Content(row, catalogue, scratch);
                var known = (1 - shares[slot]) * probabilities[row];
                (years, genres, details) = (years + (known * year), genres + (known * genre), details + (known * detail));
            }
        }

        (tastes[TasteFeatures.Year], tastes[TasteFeatures.Genre], tastes[TasteFeatures.Detail]) = (years, genres, details);
    }
}
