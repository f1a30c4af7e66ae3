using System.Numerics.Tensors;
using Marquee.Engine.Models;

namespace Marquee.Training.Models;

/// <summary>Trains the content tower by ranking: each feature of the metadata has an embedding, their sum stands for the title.</summary>
/// <remarks>
/// <para>The features' embeddings and biases are those of LightFM (Kula 2015, arXiv 1507.08439) without an id, so that a title is
/// told by its metadata alone in training as before its first event. The viewer's embedding is not learned but folded in
/// (<see cref="ViewerPairs"/>), as it is when a viewer is served. The loss is −log softmax of the liked title among
/// itself and <see cref="Rivals"/> others drawn evenly, those left out that the viewer engaged with; steps by AdaGrad (Duchi et al. 2011). Biases go into the promise of <see cref="NewcomerModel"/>.</para>
/// <para>A ridge regression onto trained embeddings spends its weights on what tells embeddings apart, not on what viewers
/// choose by; <see cref="NewcomerLists.Blend"/> adds a little of one. Names of single titles and pairs of features were tried and lost on hidden titles: they fit
/// the titles trained on.</para>
/// <para>O(epochs · pairs · rivals · features · d). Deterministic for the same pairs and seed.</para>
/// </remarks>
internal sealed class RankingTowerTrainer
{
    /// <summary>Titles against which each liked one is set.</summary>
    internal const int Rivals = 10;

    private const int Epochs = 3;
    private const float LearningRate = 0.03f;
    private const float LeastGradient = 1e-3f;

    private readonly int _dimension;
    private readonly int[][] _rows;
    private readonly float[] _weights;
    private readonly float[] _biases;
    private readonly float[] _weightSquares;
    private readonly float[] _biasSquares;

    /// <summary>A tower that knows nothing.</summary>
    /// <param name="rows">Per title the indices of its features.</param>
    /// <param name="features">How many features there are.</param>
    /// <param name="dimension">d.</param>
    internal RankingTowerTrainer(int[][] rows, int features, int dimension)
    {
        (_rows, _dimension) = (rows, dimension);
        (_weights, _biases) = (new float[features * dimension], new float[features]);
        (_weightSquares, _biasSquares) = (new float[_weights.Length], new float[features]);
        _weightSquares.AsSpan().Fill(1);
        _biasSquares.AsSpan().Fill(1);
    }

    /// <summary>float32[features, d].</summary>
    internal float[] Weights => _weights;

    /// <summary>Trains a tower.</summary>
    /// <param name="regression">The features of the titles.</param>
    /// <param name="pairs">Viewers and what they liked.</param>
    /// <param name="dimension">d.</param>
    /// <param name="isUsed">Tells which titles are trained on.</param>
    /// <param name="seed">Draws order and rivals.</param>
    /// <param name="cancellation">Stops between pairs.</param>
    /// <returns>float32[n + 1, d] and float32[n + 1]: embeddings and biases of the features; of the embeddings the last row such that the mean over all titles is zero; an inner product with a viewer of length 1 is of order one.</returns>
    public static (float[] Tower, float[] Biases) Train(SparseRidge regression, ViewerPairs pairs, int dimension, Func<int, bool> isUsed, int seed, CancellationToken cancellation)
    {
        var rows = regression.Select(ContentTower.IsSingle);
        var trainer = new RankingTowerTrainer(rows, regression.Features.Length, dimension);
        int[] titles = [.. Enumerable.Range(0, rows.Length).Where(isUsed)];
        int[] order = [.. Enumerable.Range(0, pairs.Titles.Length).Where(pair => isUsed(pairs.Titles[pair]))];
        var random = new Random(seed);
        for (var epoch = 0; epoch < Epochs; epoch++)
        {
            random.Shuffle(order);
            foreach (var pair in order)
            {
                cancellation.ThrowIfCancellationRequested();
                trainer.Learn(pairs.Means.AsSpan(pair * dimension, dimension), pairs.Titles[pair], pairs.Engaged[pairs.Viewers[pair]], titles, random);
            }
        }

        return (trainer.Centred(), [.. trainer._biases, 0]);
    }

    /// <summary>One step down the gradient of the loss of one list.</summary>
    /// <param name="viewer">float32[d].</param>
    /// <param name="list">The liked title, then the rivals.</param>
    /// <returns>The loss before it.</returns>
    internal float Step(ReadOnlySpan<float> viewer, ReadOnlySpan<int> list)
    {
        Span<float> scores = stackalloc float[list.Length];
        for (var i = 0; i < list.Length; i++)
        {
            scores[i] = Score(viewer, list[i]);
        }

        TensorPrimitives.SoftMax(scores, scores);
        var loss = -MathF.Log(scores[0]);
        scores[0] -= 1;
        for (var i = 0; i < list.Length; i++)
        {
            foreach (var feature in MathF.Abs(scores[i]) < LeastGradient ? [] : _rows[list[i]])
            {
                Descend(viewer, feature, scores[i]);
            }
        }

        return loss;
    }

    private void Learn(ReadOnlySpan<float> viewer, int title, HashSet<int> engaged, int[] titles, Random random)
    {
        Span<int> list = stackalloc int[Rivals + 1];
        list[0] = title;
        var count = 1;
        for (var draw = 0; draw < Rivals; draw++)
        {
            var rival = titles[random.Next(titles.Length)];
            if (!engaged.Contains(rival))
            {
                list[count++] = rival;
            }
        }

        Step(viewer, list[..count]);
    }

    private float Score(ReadOnlySpan<float> viewer, int title)
    {
        float score = 0;
        foreach (var feature in _rows[title])
        {
            score += _biases[feature] + TensorPrimitives.Dot(viewer, _weights.AsSpan(feature * _dimension, _dimension));
        }

        return score;
    }

    private void Descend(ReadOnlySpan<float> viewer, int feature, float gradient)
    {
        _biases[feature] -= LearningRate * gradient / MathF.Sqrt(_biasSquares[feature]);
        _biasSquares[feature] += gradient * gradient;
        var weights = _weights.AsSpan(feature * _dimension, _dimension);
        var squares = _weightSquares.AsSpan(feature * _dimension, _dimension);
        for (var i = 0; i < viewer.Length; i++)
        {
            var each = gradient * viewer[i];
            weights[i] -= LearningRate * each / MathF.Sqrt(squares[i]);
            squares[i] += each * each;
        }
    }

    private float[] Centred()
    {
        var result = new float[_weights.Length + _dimension];
        _weights.CopyTo(result, 0);
        var intercept = result.AsSpan(_weights.Length);
        foreach (var feature in _rows.SelectMany(static row => row))
        {
            TensorPrimitives.Subtract(intercept, _weights.AsSpan(feature * _dimension, _dimension), intercept);
        }

        TensorPrimitives.Divide(intercept, Math.Max(1, _rows.Length), intercept);
        return result;
    }
}
