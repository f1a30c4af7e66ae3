using System.Numerics.Tensors;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;

namespace Marquee.Training.Recommendations;

/// <summary>Trains the additive ranker from the stream: each positive is one list, the title against all others that could have been shown.</summary>
/// <remarks>
/// Conditional logit (McFadden 1974), one gradient step per list with AdaGrad (Duchi et al. 2011): weight(f, c) moves along
/// (value of the title − expected value under the softmax) × context. The candidate weights learn from the whole catalogue;
/// the ranking weights and the network of interplay only from lists whose title is among the best <see cref="ListLength"/>,
/// against those: what cannot reach a slate must not bend the weights that order it. Not thread-safe.
/// </remarks>
public sealed class RankerLearner
{
    /// <summary>How many titles a list of the second stage has.</summary>
    public const int ListLength = RecommendationPipeline.MostCandidates;

    /// <summary>
    /// Not learned here. The newcomer model learns on lists of its own; in the stream a title without events is mostly one that
    /// nobody chose for long, which would teach that what the model promises is not to be believed of a new one.
    /// </summary>
    private const int Newcomer = TitleFeatures.Count + TasteFeatures.Newcomer;

    private readonly int _features = TasteFeatures.AllNames.Length;
    private readonly float[] _candidate;
    private readonly float[] _ranking;
    private readonly float[] _candidateSquares;
    private readonly float[] _rankingSquares;
    private readonly float[] _gradient;
    private readonly Candidate[] _list = new Candidate[ListLength];
    private readonly float[] _listScores = new float[ListLength];
    private readonly float[] _inputs = new float[ListLength * TasteFeatures.NetworkInputs];
    private readonly InterplayLearner _network;
    private readonly CatalogueSoftmax _catalogue = new();
    private int _turn;

    /// <summary>Starts from a ranker's weights.</summary>
    public RankerLearner(AdditiveRanker start)
    {
        _candidate = [.. start.CandidateWeights];
        _ranking = [.. start.RankingWeights];
        _candidateSquares = new float[_candidate.Length];
        _rankingSquares = new float[_candidate.Length];
        _gradient = new float[_features];
        _network = new InterplayLearner(start.Interplay ?? InterplayNetwork.Untrained(TasteFeatures.NetworkInputs), ListLength);
    }

    /// <summary>Step size of both stages.</summary>
    public float LearningRate { get; init; } = 0.15f;

    /// <summary>Step size of the network; 0 leaves it as it is.</summary>
    public float NetworkLearningRate { get; init; } = 0.1f;

    /// <summary>A candidate whose probability is wrong by less than this teaches nothing; 0 to learn from all.</summary>
    public float LeastResidual { get; init; } = 3e-4f;

    /// <summary>A ranker with the weights of now.</summary>
    public AdditiveRanker Publish() => new(TasteFeatures.AllNames, TasteContext.Names, [.. _candidate], [.. _ranking]) { Interplay = _network.Publish() };

    /// <summary>Learns from one positive, as the viewer and the catalogue were before it.</summary>
    /// <returns>False when there is nothing to learn: the title is unknown, a stub, or was engaged with before.</returns>
    public bool Learn(string titleId, UserTaste taste, CatalogueSnapshot catalogue, long now, Scratch scratch)
    {
        if (!IsLesson(titleId, taste, catalogue, out var row))
        {
            return false;
        }

        TasteScan.Run(taste, catalogue, now, scratch);
        new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, _candidate, _ranking)
            .Weigh(scratch.Context, scratch.CandidateWeights, scratch.RankingWeights);
        scratch.Scores.AsSpan().Clear();
        CandidateFilter.RemoveNumbers(taste.Excluded, catalogue, scratch.Scores);
        Step(row, catalogue, scratch);
        return true;
    }

    /// <summary>Learns from one positive, as the other way of learning does, from the ranking that was just made with the weights of now.</summary>
    /// <param name="titleId">The positive.</param>
    /// <param name="taste">The viewer that was ranked for.</param>
    /// <param name="catalogue">The catalogue that was ranked.</param>
    /// <param name="scratch">As the ranking left it: what it knows of the viewer, its filters and the features of its candidates are read instead of being computed again. Other titles are sampled, see <see cref="CatalogueSoftmax"/>.</param>
    /// <returns>False when there is nothing to learn.</returns>
    public bool LearnFromRanking(string titleId, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch)
    {
        if (!IsLesson(titleId, taste, catalogue, out var row) || float.IsNegativeInfinity(scratch.Scores[row]))
        {
            return false;
        }

        Step(row, catalogue, scratch);
        return true;
    }

    /// <summary>Whether the title could have been recommended, and so can be learned from.</summary>
    private static bool IsLesson(string titleId, UserTaste taste, CatalogueSnapshot catalogue, out int row)
    {
        var number = catalogue.Titles.NumberOf(titleId);
        row = catalogue.RowOf(number);
        return row >= 0 && !taste.IsExcluded(number) && catalogue[row] is { IsRecommendable: true };
    }

    private void Step(int row, CatalogueSnapshot catalogue, Scratch scratch)
    {
        _catalogue.Score(catalogue, scratch, _turn++ & int.MaxValue);
        LearnCandidates(row, catalogue, scratch);
        LearnRanking(row, _catalogue.Best(_list), catalogue, scratch);
    }

    private void LearnCandidates(int row, CatalogueSnapshot catalogue, Scratch scratch)
    {
        _catalogue.Expect(catalogue, scratch, _gradient);
        TensorPrimitives.Subtract(CandidateFeatures.Of(row, catalogue, scratch), _gradient, _gradient);
        Step(_candidate, _candidateSquares, scratch.Context);
    }

    private void LearnRanking(int row, int count, CatalogueSnapshot catalogue, Scratch scratch)
    {
        var list = _list.AsSpan(0, count);
        var target = -1;
        for (var i = 0; i < count && target < 0; i++)
        {
            target = list[i].Row == row ? i : -1;
        }

        if (target < 0)
        {
            return;
        }

        for (var i = 0; i < count; i++)
        {
            var input = InputOf(i);
            CandidateFeatures.Of(list[i].Row, catalogue, scratch).CopyTo(input);
            scratch.Context.CopyTo(input[_features..]);
            _listScores[i] = TensorPrimitives.Dot(input[.._features], scratch.RankingWeights);
        }

        var scores = _listScores.AsSpan(0, count);
        var best = TensorPrimitives.Max<float>(scores);
        for (var i = 0; i < count; i++)
        {
            InputOf(i)[^1] = InterplayNetwork.BehindScale * (scores[i] - best);
        }

        var inputs = _inputs.AsSpan(0, count * TasteFeatures.NetworkInputs);
        _network.Forward(inputs, scores);
        CatalogueSoftmax.Softmax(scores, scores);
        Array.Clear(_gradient);
        for (var i = 0; i < count; i++)
        {
            var residual = (i == target ? 1 : 0) - scores[i];
            scores[i] = Math.Abs(residual) > LeastResidual ? residual : 0;
            TensorPrimitives.MultiplyAdd(InputOf(i)[.._features], scores[i], _gradient, _gradient);
        }

        _network.Backward(inputs, scores);
        Step(_ranking, _rankingSquares, scratch.Context);
        _network.Step(NetworkLearningRate);
    }

    private Span<float> InputOf(int place) => _inputs.AsSpan(place * TasteFeatures.NetworkInputs, TasteFeatures.NetworkInputs);

    private void Step(float[] weights, float[] squares, ReadOnlySpan<float> context)
    {
        for (var feature = 0; feature < _features; feature++)
        {
            if (feature == Newcomer)
            {
                continue;
            }

            for (var i = 0; i < context.Length; i++)
            {
                var gradient = _gradient[feature] * context[i];
                if (gradient != 0)
                {
                    var at = (feature * context.Length) + i;
                    squares[at] += gradient * gradient;
                    weights[at] += LearningRate * gradient / MathF.Sqrt(squares[at] + 1);
                }
            }
        }
    }
}
