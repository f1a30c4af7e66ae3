namespace Marquee.Training.Evaluation;

/// <summary>Sums of the measures of one relevant title within a pool.</summary>
internal struct PoolMetrics
{
    private double _area;
    private int _hits;

    /// <summary>How many questions.</summary>
    public int Count { get; private set; }

    /// <summary>Mean share of the rivals that are ranked below the right title, equal scores counting half.</summary>
    public readonly double AreaUnderCurve => _area / Math.Max(1, Count);

    /// <summary>Share of the questions whose title is among the first ten.</summary>
    public readonly double Recall10 => (double)_hits / Math.Max(1, Count);

    /// <summary>Adds a question.</summary>
    /// <param name="target">Score of the right title.</param>
    /// <param name="rivals">Scores of the others.</param>
    public void Add(double target, ReadOnlySpan<double> rivals)
    {
        double above = 0;
        foreach (var score in rivals)
        {
            above += score > target ? 1 : score == target ? 0.5 : 0;
        }

        Count++;
        _area += rivals.IsEmpty ? 0.5 : 1 - (above / rivals.Length);
        _hits += above < 10 ? 1 : 0;
    }
}
