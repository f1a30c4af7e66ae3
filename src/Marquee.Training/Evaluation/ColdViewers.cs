using Marquee.Training.Data;

namespace Marquee.Training.Evaluation;

/// <summary>Sums of the customary cold-title measures: each viewer counts once, over pools of titles that have at least some positives.</summary>
/// <param name="data">The data set.</param>
/// <param name="pool">The hidden titles.</param>
internal sealed class ColdViewers(InteractionDataSet data, int[] pool)
{
    /// <summary>The fewest positives of each pool.</summary>
    public static readonly int[] Least = [0, 5, 10];

    private const int Depth = 10;

    private readonly int[] _positives = Count(data);
    private readonly (int Viewers, double Area, double Recall)[] _sums = new (int, double, double)[Least.Length];

    /// <summary>Adds a viewer.</summary>
    /// <param name="scores">Scores of the hidden titles, in the order of the pool.</param>
    /// <param name="right">The viewer's hidden positives.</param>
    /// <param name="engaged">All hidden titles that the viewer engaged with: no rivals.</param>
    public void Add(double[] scores, int[] right, HashSet<int> engaged)
    {
        for (var i = 0; i < Least.Length; i++)
        {
            var least = Least[i];
            int[] asked = [.. right.Distinct().Where(title => _positives[title] >= least)];
            if (asked.Length == 0)
            {
                continue;
            }

            double[] rivals = [.. scores.Where((_, place) => _positives[pool[place]] >= least && !engaged.Contains(pool[place]))];
            double[] positives = [.. asked.Select(title => scores[Array.BinarySearch(pool, title)])];
            var (area, hits) = (0.0, 0);
            foreach (var score in positives)
            {
                var above = rivals.Sum(rival => rival > score ? 1 : rival == score ? 0.5 : 0);
                area += rivals.Length == 0 ? 0.5 : 1 - (above / rivals.Length);
                hits += above + positives.Count(other => other > score) < Depth ? 1 : 0;
            }

            _sums[i].Viewers++;
            _sums[i].Area += area / asked.Length;
            _sums[i].Recall += (double)hits / Math.Min(Depth, asked.Length);
        }
    }

    /// <summary>The means.</summary>
    /// <param name="model">Who answered.</param>
    public ColdViewerPoint[] Points(string model) =>
    [
        .. Least.Select((least, i) => new ColdViewerPoint(
            model,
            least,
            pool.Count(title => _positives[title] >= least),
            _sums[i].Viewers,
            _sums[i].Area / Math.Max(1, _sums[i].Viewers),
            _sums[i].Recall / Math.Max(1, _sums[i].Viewers))),
    ];

    private static int[] Count(InteractionDataSet data)
    {
        var counts = new int[data.Titles.Count];
        foreach (ref readonly var interaction in data.Interactions.AsSpan())
        {
            counts[interaction.Title] += interaction.IsPositive ? 1 : 0;
        }

        return counts;
    }
}
