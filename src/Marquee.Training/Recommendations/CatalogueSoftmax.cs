using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;

namespace Marquee.Training.Recommendations;

/// <summary>The first stage as learning needs it: the softmax over the exact scores of all titles, and the features that it expects.</summary>
/// <remarks>
/// Behind a ranking, the titles that it described in full (all its candidates, among them the best) are summed exactly, and of
/// all others a block in every so many stands for those that are left out: each is as likely to be taken as any other, so
/// that sums over the catalogue are right on average (stratified sampling), and cost the same however large it is. Without a
/// ranking every title is summed. Not thread-safe.
/// </remarks>
internal sealed class CatalogueSoftmax
{
    /// <summary>About so many blocks are summed of the titles that a ranking did not describe.</summary>
    public const int SampledBlocks = 8;

    private readonly List<int> _described = [];
    private int _first;
    private int _stride = 1;
    private int _rows;
    private float[] _describedScores = [];
    private float[] _shares = [];
    private float[] _scores = [];
    private float[] _probabilities = [];
    private float[] _lasting = [];
    private float[] _recent = [];

    /// <summary>Scores titles. O(rows · (features + d)) for as many rows as are taken.</summary>
    /// <param name="catalogue">The catalogue.</param>
    /// <param name="scratch">As <see cref="TasteScan"/> left it, or a ranking; its scores tell what is filtered out.</param>
    /// <param name="turn">Decides which blocks are taken; any number that grows.</param>
    public void Score(CatalogueSnapshot catalogue, Scratch scratch, int turn)
    {
        ScoreDescribed(catalogue, scratch);
        _stride = _described.Count == 0 ? 1 : Math.Max(1, catalogue.Blocks.Length / SampledBlocks);
        _first = turn % _stride;
        _rows = (catalogue.Blocks.Length - _first + _stride - 1) / _stride * CatalogueBlock.Rows;
        if (_scores.Length < _rows)
        {
            (_scores, _probabilities, _lasting, _recent) = (new float[_rows], new float[_rows], new float[_rows], new float[_rows]);
        }

        var sum = BlockSum.WithoutEmbeddings(scratch);
        sum.FillTables(scratch, catalogue.Content.CombinationCount);
        for (var at = 0; at < _rows; at += CatalogueBlock.Rows)
        {
            CandidateScan.AddUp(BlockAt(at), catalogue, scratch, sum, _scores.AsSpan(at, CatalogueBlock.Rows));
            AddEmbeddings(at, catalogue.Blocks[BlockAt(at)], scratch);
            LeaveOut(at, scratch);
        }

        AddNeighbours(scratch);
    }

    /// <summary>The best titles, in no order: those with the highest scores of all.</summary>
    /// <param name="list">Overwritten from the beginning.</param>
    /// <returns>How many there are.</returns>
    public int Best(Candidate[] list)
    {
        if (_described.Count == 0)
        {
            return BestCandidates.Keep(_scores.AsSpan(0, _rows), list);
        }

        var most = Math.Min(list.Length, _described.Count);
        var scores = _describedScores.AsSpan(0, _described.Count);
        var gathered = _shares.AsSpan(0, scores.Length);
        scores.CopyTo(gathered);
        var least = BestCandidates.NthHighest(gathered, most);
        var ties = most;
        foreach (var score in scores)
        {
            ties -= score > least ? 1 : 0;
        }

        var count = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (scores[i] > least || (scores[i] == least && ties-- > 0))
            {
                list[count++] = new Candidate(_described[i], scores[i]);
            }
        }

        return count;
    }

    /// <summary>The expected features under the softmax of the scores.</summary>
    /// <param name="catalogue">The same as was scored.</param>
    /// <param name="scratch">The same.</param>
    /// <param name="expected">float32[features], overwritten; what is expected of the newcomer model is 0, since nothing learns from it.</param>
    public void Expect(CatalogueSnapshot catalogue, Scratch scratch, Span<float> expected)
    {
        expected.Clear();
        Normalise();
        for (var i = 0; i < _described.Count; i++)
        {
            TensorPrimitives.MultiplyAdd(CandidateFeatures.Of(_described[i], catalogue, scratch), _shares[i], expected, expected);
        }

        var tastes = expected[TitleFeatures.Count..];
        for (var at = 0; at < _rows; at += CatalogueBlock.Rows)
        {
            var block = catalogue.Blocks[BlockAt(at)];
            ReadOnlySpan<float> probabilities = _probabilities.AsSpan(at, CatalogueBlock.Rows);
            for (var feature = 0; feature < TitleFeatures.Count; feature++)
            {
                expected[feature] += TensorPrimitives.Dot(block.Column(feature), probabilities);
            }

            ExpectOfViewer(BlockAt(at) * CatalogueBlock.Rows, block.Column(CatalogueBlock.NewcomerShare), probabilities, catalogue, scratch, tastes);
        }

        ExpectNeighbours(scratch, tastes);
        tastes[TasteFeatures.Embedding] += TensorPrimitives.Dot<float>(_lasting.AsSpan(0, _rows), _probabilities.AsSpan(0, _rows));
        tastes[TasteFeatures.EmbeddingRecent] += TensorPrimitives.Dot<float>(_recent.AsSpan(0, _rows), _probabilities.AsSpan(0, _rows));
        tastes[TasteFeatures.Newcomer] = 0;
    }

    /// <summary>probabilities := softmax(scores); may be the same memory.</summary>
    public static void Softmax(ReadOnlySpan<float> scores, Span<float> probabilities)
    {
        TensorPrimitives.Subtract(scores, TensorPrimitives.Max(scores), probabilities);
        TensorPrimitives.Exp(probabilities, probabilities);
        TensorPrimitives.Divide(probabilities, TensorPrimitives.Sum(probabilities), probabilities);
    }

    /// <summary>Scores the titles that a ranking described, but for those that are filtered out.</summary>
    private void ScoreDescribed(CatalogueSnapshot catalogue, Scratch scratch)
    {
        _described.Clear();
        if (_describedScores.Length < scratch.Described.Count)
        {
            (_describedScores, _shares) = (new float[2 * scratch.Described.Count], new float[2 * scratch.Described.Count]);
        }

        foreach (var row in scratch.Described)
        {
            if (!float.IsNegativeInfinity(scratch.Scores[row]))
            {
                _describedScores[_described.Count] = TensorPrimitives.Dot(CandidateFeatures.Of(row, catalogue, scratch), scratch.CandidateWeights);
                _described.Add(row);
            }
        }
    }

    /// <summary>The block whose rows begin at a place of what was taken.</summary>
    private int BlockAt(int place) => _first + (place / CatalogueBlock.Rows * _stride);

    /// <summary>The place of a row in what was taken; −1 when its block was not.</summary>
    private int PlaceOf(int row)
    {
        var behind = (row / CatalogueBlock.Rows) - _first;
        return behind >= 0 && behind % _stride == 0 ? (behind / _stride * CatalogueBlock.Rows) + (row % CatalogueBlock.Rows) : -1;
    }

    private void AddEmbeddings(int at, CatalogueBlock block, Scratch scratch)
    {
        var weights = scratch.CandidateWeights.AsSpan(TitleFeatures.Count);
        var newcomer = weights[TasteFeatures.Newcomer];
        var norms = block.Embeddings.Norms;
        var shares = block.Column(CatalogueBlock.NewcomerShare);
        for (var slot = 0; slot < CatalogueBlock.Rows; slot++)
        {
            if (norms is [] || norms[slot] == 0)
            {
                (_lasting[at + slot], _recent[at + slot]) = (0, 0);
                continue;
            }

            var (lasting, recent) = EmbeddingScan.Products(block.Embeddings, slot, scratch.Lasting, scratch.Recent);
            var (ownLasting, ownRecent) = ((1 - shares[slot]) * lasting, (1 - shares[slot]) * recent);
            (_lasting[at + slot], _recent[at + slot]) = (ownLasting, ownRecent);
            _scores[at + slot] += (weights[TasteFeatures.Embedding] * ownLasting) + (weights[TasteFeatures.EmbeddingRecent] * ownRecent)
                + (newcomer * shares[slot] * ((scratch.NewcomerWeights[NewcomerModel.Embedding] * lasting) + (scratch.NewcomerWeights[NewcomerModel.EmbeddingRecent] * recent)));
        }
    }

    /// <summary>Takes out what is filtered out, and what was described, which is summed by itself.</summary>
    private void LeaveOut(int at, Scratch scratch)
    {
        var row = BlockAt(at) * CatalogueBlock.Rows;
        for (var slot = 0; slot < CatalogueBlock.Rows; slot++)
        {
            if (scratch.SlotOf[row + slot] > 0 || float.IsNegativeInfinity(scratch.Scores[row + slot]))
            {
                _scores[at + slot] = float.NegativeInfinity;
            }
        }
    }

    private void AddNeighbours(Scratch scratch)
    {
        var weights = scratch.CandidateWeights.AsSpan(TitleFeatures.Count);
        for (var i = 0; i < scratch.Touched.Count; i++)
        {
            if (PlaceOf(scratch.Touched[i]) is >= 0 and var place)
            {
                for (var feature = 0; feature <= TasteFeatures.LastOfNeighbours; feature++)
                {
                    _scores[place] += weights[feature] * scratch.Neighbours[feature][i];
                }
            }
        }
    }

    /// <summary>Shares of the titles described, probabilities of those taken, each times the number of titles that it stands for.</summary>
    private void Normalise()
    {
        ReadOnlySpan<float> scores = _describedScores.AsSpan(0, _described.Count);
        var shares = _shares.AsSpan(0, _described.Count);
        var taken = _probabilities.AsSpan(0, _rows);
        var best = Math.Max(TensorPrimitives.Max<float>(_scores.AsSpan(0, _rows)), scores.IsEmpty ? float.NegativeInfinity : TensorPrimitives.Max(scores));
        TensorPrimitives.Subtract(scores, best, shares);
        TensorPrimitives.Exp(shares, shares);
        TensorPrimitives.Subtract(_scores.AsSpan(0, _rows), best, taken);
        TensorPrimitives.Exp(taken, taken);
        var total = TensorPrimitives.Sum<float>(shares) + (_stride * TensorPrimitives.Sum<float>(taken));
        TensorPrimitives.Divide(shares, total, shares);
        TensorPrimitives.Multiply(taken, _stride / total, taken);
    }

    private void ExpectNeighbours(Scratch scratch, Span<float> tastes)
    {
        for (var i = 0; i < scratch.Touched.Count; i++)
        {
            if (PlaceOf(scratch.Touched[i]) is >= 0 and var place && _probabilities[place] is > 0 and var probability)
            {
                for (var feature = 0; feature <= TasteFeatures.LastOfNeighbours; feature++)
                {
                    tastes[feature] += probability * scratch.Neighbours[feature][i];
                }
            }
        }
    }

    /// <summary>Adds what a block's metadata and sequence vectors are to the viewer.</summary>
    private static void ExpectOfViewer(
        int first, ReadOnlySpan<float> shares, ReadOnlySpan<float> probabilities, CatalogueSnapshot catalogue, Scratch scratch, Span<float> tastes)
    {
        // 1 − share, as in CandidateFeatures.
        Span<float> known = stackalloc float[CatalogueBlock.Rows];
        TensorPrimitives.Subtract(1, shares, known);
        TensorPrimitives.Multiply(known, probabilities, known);
        float years = 0, genres = 0;
        for (var slot = 0; slot < known.Length; slot++)
        {
            var (year, genre, _) = CandidateFeatures.Content(first + slot, catalogue, scratch);
            (years, genres) = (years + (known[slot] * year), genres + (known[slot] * genre));
        }

        tastes[TasteFeatures.Year] += years;
        tastes[TasteFeatures.Genre] += genres;
        tastes[TasteFeatures.Detail] += TensorPrimitives.Dot<float>(known, scratch.Details.AsSpan(first, known.Length));
        tastes[TasteFeatures.Sequence] += TensorPrimitives.Dot<float>(known, scratch.Sequence.AsSpan(first, known.Length));
    }
}
