namespace Marquee.Training.Evaluation;

/// <summary>What a prequential run measured.</summary>
/// <param name="Model">Name of the model.</param>
/// <param name="Validation">All lists of the validation period.</param>
/// <param name="Test">All lists of the test period.</param>
/// <param name="ByHistory">Lists of the test period by how many events the user had before: 0, 1, 2, 3–4, 5–9, 10 and more.</param>
/// <param name="Recall10Interval">95 % user-bootstrap interval of the test's Recall@10.</param>
/// <param name="Ndcg10Interval">95 % user-bootstrap interval of the test's NDCG@10.</param>
/// <param name="Elapsed">Wall-clock time.</param>
/// <param name="Costs">What single steps cost; null where the model does not tell.</param>
public sealed record PrequentialResult(
    string Model,
    RankingMetrics Validation,
    RankingMetrics Test,
    IReadOnlyList<RankingMetrics> ByHistory,
    (double Low, double High) Recall10Interval,
    (double Low, double High) Ndcg10Interval,
    TimeSpan Elapsed,
    StepCosts? Costs)
{
    /// <summary>Labels of <see cref="ByHistory"/>.</summary>
    public static readonly string[] HistoryLabels = ["0", "1", "2", "3-4", "5-9", "10+"];

    /// <summary>The index in <see cref="ByHistory"/> of a user with that many events.</summary>
    public static int HistoryBucket(int events) => events switch { < 3 => events, < 5 => 3, < 10 => 4, _ => 5 };
}
