using System.Numerics.Tensors;
using Marquee.Training.Data;

namespace Marquee.Training.Baselines;

/// <summary>How a <see cref="FactorisationBaseline"/> learns from a positive.</summary>
public enum FactorisationLoss
{
    /// <summary>ISGD: squared error towards 1, positives only (Vinagre, Jorge, Gama 2014).</summary>
    Incremental,

    /// <summary>BPR: the positive above sampled titles (Rendle et al. 2009).</summary>
    BayesianPersonalisedRanking,
}

/// <summary>Matrix factorisation by stochastic gradient steps, one event at a time, live.</summary>
public sealed class FactorisationBaseline : ScoreBaseline
{
    private readonly FactorisationLoss _loss;
    private readonly int _dimension;
    private readonly float _rate;
    private readonly float _regularisation;
    private readonly int _repeats;
    private readonly float[] _users;
    private readonly float[] _titles;
    private readonly float[] _biases;
    private readonly HashSet<int>[] _liked;
    private readonly List<int> _seen = [];
    private readonly bool[] _isSeen;
    private readonly Random _random = new(1);

    /// <summary>Creates a model with small random embeddings.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="loss">How it learns.</param>
    /// <param name="dimension">d.</param>
    /// <param name="rate">Step size.</param>
    /// <param name="regularisation">λ.</param>
    /// <param name="repeats">Steps per event; for BPR also the number of sampled titles.</param>
    public FactorisationBaseline(InteractionDataSet data, FactorisationLoss loss, int dimension, double rate, double regularisation, int repeats)
        : base(loss == FactorisationLoss.Incremental ? $"ISGD d={dimension}" : $"BPR-MF d={dimension}", data)
    {
        (_loss, _dimension, _rate, _regularisation, _repeats) = (loss, dimension, (float)rate, (float)regularisation, repeats);
        _users = Initial(Users);
        _titles = Initial(Titles);
        _biases = new float[Titles];
        _liked = new HashSet<int>[Users];
        _isSeen = new bool[Titles];
    }

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        var query = UserRow(user);
        for (var title = 0; title < scores.Length; title++)
        {
            scores[title] = _isSeen[title] ? _biases[title] + TensorPrimitives.Dot<float>(query, TitleRow(title)) : float.MinValue;
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now)
    {
        if (!_isSeen[title])
        {
            _isSeen[title] = true;
            _seen.Add(title);
        }

        (_liked[user] ??= []).Add(title);
        for (var step = 0; step < _repeats; step++)
        {
            if (_loss == FactorisationLoss.Incremental)
            {
                var error = 1 - TensorPrimitives.Dot<float>(UserRow(user), TitleRow(title));
                Move(UserRow(user), TitleRow(title), error);
            }
            else
            {
                StepAgainst(user, title, _seen[_random.Next(_seen.Count)]);
            }
        }
    }

    private void StepAgainst(int user, int title, int other)
    {
        if (_liked[user].Contains(other))
        {
            return;
        }

        var query = UserRow(user);
        var margin = _biases[title] - _biases[other] + TensorPrimitives.Dot<float>(query, TitleRow(title)) - TensorPrimitives.Dot<float>(query, TitleRow(other));
        var gradient = 1 / (1 + MathF.Exp(margin));
        var good = TitleRow(title);
        var bad = TitleRow(other);
        for (var i = 0; i < _dimension; i++)
        {
            var (u, g, b) = (query[i], good[i], bad[i]);
            query[i] += _rate * ((gradient * (g - b)) - (_regularisation * u));
            good[i] += _rate * ((gradient * u) - (_regularisation * g));
            bad[i] += _rate * ((-gradient * u) - (_regularisation * b));
        }

        _biases[title] += _rate * gradient;
        _biases[other] -= _rate * gradient;
    }

    private void Move(Span<float> user, Span<float> title, float error)
    {
        for (var i = 0; i < _dimension; i++)
        {
            var (u, t) = (user[i], title[i]);
            user[i] += _rate * ((error * t) - (_regularisation * u));
            title[i] += _rate * ((error * u) - (_regularisation * t));
        }
    }

    private Span<float> UserRow(int user) => _users.AsSpan(user * _dimension, _dimension);

    private Span<float> TitleRow(int title) => _titles.AsSpan(title * _dimension, _dimension);

    private float[] Initial(int rows)
    {
        var values = new float[rows * _dimension];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = (float)(0.2 * (_random.NextDouble() - 0.5));
        }

        return values;
    }
}
