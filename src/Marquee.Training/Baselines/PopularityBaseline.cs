using Marquee.Training.Data;

namespace Marquee.Training.Baselines;

/// <summary>Counts of positives, halving with time; never halving when the half-life is infinite.</summary>
/// <param name="data">The data set.</param>
/// <param name="halfLife">Half-life in days.</param>
public sealed class PopularityBaseline(InteractionDataSet data, double halfLife)
    : ScoreBaseline(double.IsInfinity(halfLife) ? "popularity" : $"popularity, half-life {halfLife:0.##} d", data)
{
    private const double MillisecondsPerDay = 86_400_000;
    private readonly double[] _sums = new double[data.Titles.Count];
    private long _reference;

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        for (var i = 0; i < scores.Length; i++)
        {
            scores[i] = (float)_sums[i];
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now)
    {
        // Sums grow instead of shrinking, so that one event changes one title; all are scaled back before they overflow a float.
        var exponent = (now - _reference) / (halfLife * MillisecondsPerDay);
        if (exponent > 60)
        {
            for (var i = 0; i < _sums.Length; i++)
            {
                _sums[i] *= Math.Pow(2, -exponent);
            }

            (_reference, exponent) = (now, 0);
        }

        _sums[title] += Math.Pow(2, exponent);
    }
}
