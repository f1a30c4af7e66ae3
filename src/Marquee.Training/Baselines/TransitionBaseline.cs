using System.Runtime.InteropServices;
using Marquee.Training.Data;

namespace Marquee.Training.Baselines;

/// <summary>First-order Markov chain, live: how often users went on from the user's last titles to a title.</summary>
/// <param name="data">The data set.</param>
/// <param name="reach">How many of the last titles are followed, and link to a new one.</param>
/// <param name="decay">Weight of each older title against the next newer one.</param>
/// <param name="shrinkage">Transitions that a title is short of before its shares are believed.</param>
public sealed class TransitionBaseline(InteractionDataSet data, int reach, double decay, double shrinkage)
    : ScoreBaseline($"last-item transitions, {reach} titles, decay {decay:0.##}", data)
{
    private readonly Dictionary<int, float>[] _next = new Dictionary<int, float>[data.Titles.Count];
    private readonly float[] _totals = new float[data.Titles.Count];
    private readonly RecentTitles _recent = new(data.UserIds.Count, 50);

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        var recent = _recent.Of(user);
        for (var age = 0; age < reach && age < recent.Count; age++)
        {
            var from = recent[^(age + 1)];
            var weight = (float)(Math.Pow(decay, age) / (_totals[from] + shrinkage));
            foreach (var (title, count) in _next[from] ?? [])
            {
                scores[title] += weight * count;
            }
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now)
    {
        var recent = _recent.Of(user);
        for (var age = 0; age < reach && age < recent.Count; age++)
        {
            var from = recent[^(age + 1)];
            var weight = (float)Math.Pow(decay, age);
            CollectionsMarshal.GetValueRefOrAddDefault(_next[from] ??= [], title, out _) += weight;
            _totals[from] += weight;
        }

        _recent.Add(user, title);
    }
}
