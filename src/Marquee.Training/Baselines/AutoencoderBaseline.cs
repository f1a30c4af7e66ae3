using System.Numerics.Tensors;
using Marquee.Training.Data;

namespace Marquee.Training.Baselines;

/// <summary>EASE^R (Steck 2019, equation 8) over the most watched titles, retrained as the stream goes on; the user's vector is live, with recency.</summary>
/// <remarks>B = −P / diag(P) with P = (XᵀX + λI)⁻¹, zero diagonal; O(titles³), hence the bound on titles.</remarks>
public sealed class AutoencoderBaseline : ScoreBaseline
{
    private const int MostTitles = 2500;
    private readonly double _ridge;
    private readonly double _decay;
    private readonly double _startShare;
    private readonly int _events;
    private readonly RecentTitles _recent;
    private int[] _titles = [];
    private int[] _rows = [];
    private float[] _weights = [];

    /// <summary>Creates an untrained model.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="ridge">λ.</param>
    /// <param name="decay">Weight of each older title of the user against the next newer one.</param>
    /// <param name="startShare">Share of the stream before which training would not be used.</param>
    public AutoencoderBaseline(InteractionDataSet data, double ridge, double decay, double startShare = 0.55)
        : base($"EASE^R, recency {decay:0.##}", data)
    {
        (_ridge, _decay, _startShare, _events) = (ridge, decay, startShare, data.Interactions.Length);
        _recent = new RecentTitles(Users, 100);
    }

    /// <inheritdoc/>
    public override void Retrain(ReadOnlyMemory<Interaction> past)
    {
        if (past.Length < _startShare * _events)
        {
            return;
        }

        var byUser = Positives(past.Span, out var counts);
        _titles = [.. Enumerable.Range(0, Titles).Where(title => counts[title] > 0).OrderByDescending(title => counts[title]).ThenBy(static title => title).Take(MostTitles)];
        _rows = new int[Titles];
        Array.Fill(_rows, -1);
        for (var i = 0; i < _titles.Length; i++)
        {
            _rows[_titles[i]] = i;
        }

        var gram = Gram(byUser);
        Invert(gram, _titles.Length);
        _weights = new float[gram.Length];
        var n = _titles.Length;
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                _weights[(i * n) + j] = i == j ? 0 : (float)(-gram[(i * n) + j] / gram[(j * n) + j]);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        var n = _titles.Length;
        if (n == 0)
        {
            return;
        }

        var sums = new float[n];
        var weight = 1f;
        var recent = _recent.Of(user);
        for (var i = recent.Count - 1; i >= 0; i--, weight *= (float)_decay)
        {
            if (_rows[recent[i]] is >= 0 and var row)
            {
                TensorPrimitives.MultiplyAdd(_weights.AsSpan(row * n, n), weight, sums, sums);
            }
        }

        for (var i = 0; i < n; i++)
        {
            scores[_titles[i]] = sums[i];
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now) => _recent.Add(user, title);

    private HashSet<int>[] Positives(ReadOnlySpan<Interaction> past, out int[] counts)
    {
        var byUser = new HashSet<int>[Users];
        counts = new int[Titles];
        foreach (ref readonly var interaction in past)
        {
            if (interaction.IsPositive && (byUser[interaction.User] ??= []).Add(interaction.Title))
            {
                counts[interaction.Title]++;
            }
        }

        return byUser;
    }

    private double[] Gram(HashSet<int>[] byUser)
    {
        var n = _titles.Length;
        var gram = new double[n * n];
        foreach (var titles in byUser)
        {
            if (titles is null)
            {
                continue;
            }

            int[] rows = [.. titles.Select(title => _rows[title]).Where(static row => row >= 0)];
            foreach (var i in rows)
            {
                foreach (var j in rows)
                {
                    gram[(i * n) + j]++;
                }
            }
        }

        for (var i = 0; i < n; i++)
        {
            gram[(i * n) + i] += _ridge;
        }

        return gram;
    }

    /// <summary>Gauss–Jordan in place, without pivoting: the matrix is symmetric positive definite.</summary>
    private static void Invert(double[] matrix, int n)
    {
        for (var pivot = 0; pivot < n; pivot++)
        {
            var pivotRow = matrix.AsSpan(pivot * n, n);
            var inverse = 1 / pivotRow[pivot];
            pivotRow[pivot] = 1;
            TensorPrimitives.Multiply(pivotRow, inverse, pivotRow);
            var at = pivot;
            Parallel.For(0, n, TrainingThreads.Loop(), row =>
            {
                if (row == at)
                {
                    return;
                }

                var target = matrix.AsSpan(row * n, n);
                var factor = target[at];
                target[at] = 0;
                TensorPrimitives.MultiplyAdd(matrix.AsSpan(at * n, n), -factor, target, target);
            });
        }
    }
}
