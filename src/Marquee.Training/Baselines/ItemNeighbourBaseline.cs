using System.Runtime.InteropServices;
using Marquee.Training.Data;

namespace Marquee.Training.Baselines;

/// <summary>Item-based nearest neighbours, live, with recency: cosine of co-watch counts (Sarwar et al. 2001; recency as by Ludewig and Jannach 2018).</summary>
/// <param name="data">The data set.</param>
/// <param name="decay">Weight of each older title of the user against the next newer one.</param>
/// <param name="shrinkage">Added to the counts under the root.</param>
public sealed class ItemNeighbourBaseline(InteractionDataSet data, double decay, double shrinkage)
    : ScoreBaseline($"item-kNN, recency {decay:0.##}", data)
{
    private const int Reach = 50;
    private readonly Dictionary<int, int>[] _together = new Dictionary<int, int>[data.Titles.Count];
    private readonly int[] _counts = new int[data.Titles.Count];
    private readonly RecentTitles _recent = new(data.UserIds.Count, Reach);

    /// <inheritdoc/>
    protected override void Score(int user, long now, float[] scores)
    {
        var recent = _recent.Of(user);
        for (var age = 0; age < recent.Count; age++)
        {
            var from = recent[^(age + 1)];
            var weight = Math.Pow(decay, age) / Math.Sqrt(_counts[from] + shrinkage);
            foreach (var (title, count) in _together[from] ?? [])
            {
                scores[title] += (float)(weight * count / Math.Sqrt(_counts[title] + shrinkage));
            }
        }
    }

    /// <inheritdoc/>
    protected override void LearnPositive(int user, int title, long now)
    {
        foreach (var other in _recent.Of(user))
        {
            if (other != title)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_together[other] ??= [], title, out _)++;
                CollectionsMarshal.GetValueRefOrAddDefault(_together[title] ??= [], other, out _)++;
            }
        }

        _counts[title]++;
        _recent.Add(user, title);
    }
}
