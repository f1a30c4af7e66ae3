using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;

namespace Marquee.Training.Evaluation;

/// <summary>The same lists with and without diversity re-ranking, side by side: what it gives and what it costs.</summary>
/// <param name="firstEvent">How many events have to be learned before lists count: those of the test period.</param>
public sealed class DiversityComparison(int firstEvent)
{
    private readonly ListDiversity _with = new();
    private readonly ListDiversity _without = new();
    private readonly SortedDictionary<int, PairedMetrics> _byUser = [];
    private int _titles;

    /// <summary>Whether lists made after that many events count.</summary>
    internal bool Counts(int learned) => learned >= firstEvent;

    /// <summary>Adds a list.</summary>
    /// <param name="user">The user, dense.</param>
    /// <param name="target">The right title.</param>
    /// <param name="with">The slate, best first.</param>
    /// <param name="without">The slate as it would have been without re-ranking.</param>
    /// <param name="catalogue">The catalogue that was ranked.</param>
    internal void Add(int user, string target, RankedSlate with, RankedSlate without, CatalogueSnapshot catalogue)
    {
        var both = _byUser.GetValueOrDefault(user);
        both.With.Add(RankOf(target, with));
        both.Without.Add(RankOf(target, without));
        _byUser[user] = both;
        _with.Add(RowsOf(with, catalogue), catalogue);
        _without.Add(RowsOf(without, catalogue), catalogue);
        _titles = catalogue.TitleCount;
    }

    /// <summary>What was measured; null without any list.</summary>
    public DiversityResult? Result()
    {
        if (_byUser.Count == 0)
        {
            return null;
        }

        PairedMetrics[] users = [.. _byUser.Values];
        var all = default(PairedMetrics);
        foreach (var user in users)
        {
            all.Add(user);
        }

        return new DiversityResult(
            all.With.Count,
            Figures(_with, all.With),
            Figures(_without, all.Without),
            Cost(all),
            UserBootstrap.Interval(users, static (ref sum, in user) => sum.Add(user), static sum => Cost(sum)));
    }

    private static double Cost(PairedMetrics sums) => 1 - (sums.With.Ndcg10 / sums.Without.Ndcg10);

    private DiversityFigures Figures(ListDiversity lists, RankingMetrics metrics) => new(
        lists.IntraListDiversity, lists.TitlesShown / (double)_titles, lists.CrowdedShare, metrics.Recall10, metrics.Ndcg10);

    private static int RankOf(string target, RankedSlate slate)
    {
        for (var i = 0; i < slate.Items.Count; i++)
        {
            if (slate.Items[i].TitleId == target)
            {
                return i + 1;
            }
        }

        return int.MaxValue;
    }

    private static int[] RowsOf(RankedSlate slate, CatalogueSnapshot catalogue) =>
        [.. slate.Items.Take(ListDiversity.Depth).Select(item => catalogue.RowOf(item.Number))];

    /// <summary>Sums over the same lists, ranked both ways.</summary>
    private struct PairedMetrics
    {
        public RankingMetrics With;
        public RankingMetrics Without;

        public void Add(in PairedMetrics other)
        {
            With.Add(other.With);
            Without.Add(other.Without);
        }
    }
}

/// <summary>What diversity re-ranking gives and costs.</summary>
/// <param name="Lists">How many lists.</param>
/// <param name="With">With re-ranking, as it is served.</param>
/// <param name="Without">Without.</param>
/// <param name="NdcgCost">Share of the NDCG@10 that re-ranking takes, negative when it gives some.</param>
/// <param name="NdcgCostInterval">Its 95 % user-bootstrap interval; both orders of a list are resampled together.</param>
public sealed record DiversityResult(
    int Lists, DiversityFigures With, DiversityFigures Without, double NdcgCost, (double Low, double High) NdcgCostInterval);

/// <summary>Measures of the first ten titles of lists; see <see cref="ListDiversity"/>.</summary>
/// <param name="IntraListDiversity">Mean intra-list diversity, 0 to 1.</param>
/// <param name="Coverage">Share of the catalogue's titles that are in any list.</param>
/// <param name="CrowdedShare">Share of lists that hold a title with four or more near-identical ones.</param>
/// <param name="Recall10">Recall@10.</param>
/// <param name="Ndcg10">NDCG@10.</param>
public sealed record DiversityFigures(double IntraListDiversity, double Coverage, double CrowdedShare, double Recall10, double Ndcg10);
