namespace Marquee.Training.Evaluation;

/// <summary>Sums of the usual measures of one relevant title in a ranked list.</summary>
public struct RankingMetrics
{
    /// <summary>How many lists.</summary>
    public int Count { get; private set; }

    private double _recall10;
    private double _recall50;
    private double _ndcg10;
    private double _reciprocalRank;

    /// <summary>Share of lists with the title among the first ten.</summary>
    public readonly double Recall10 => _recall10 / Count;

    /// <summary>Share of lists with the title among the first fifty.</summary>
    public readonly double Recall50 => _recall50 / Count;

    /// <summary>Mean of 1 / log2(1 + rank) within the first ten: NDCG with one relevant title (Järvelin and Kekäläinen 2002).</summary>
    public readonly double Ndcg10 => _ndcg10 / Count;

    /// <summary>Mean of 1 / rank within the first fifty, 0 beyond.</summary>
    public readonly double ReciprocalRank => _reciprocalRank / Count;

    /// <summary>Adds a list.</summary>
    /// <param name="rank">From 1.</param>
    public void Add(int rank)
    {
        Count++;
        _recall10 += rank <= 10 ? 1 : 0;
        _recall50 += rank <= 50 ? 1 : 0;
        _ndcg10 += rank <= 10 ? 1 / Math.Log2(1 + rank) : 0;
        _reciprocalRank += rank <= 50 ? 1.0 / rank : 0;
    }

    /// <summary>Adds all lists of another.</summary>
    public void Add(in RankingMetrics other)
    {
        Count += other.Count;
        _recall10 += other._recall10;
        _recall50 += other._recall50;
        _ndcg10 += other._ndcg10;
        _reciprocalRank += other._reciprocalRank;
    }
}
