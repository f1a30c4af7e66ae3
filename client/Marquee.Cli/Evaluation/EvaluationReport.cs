using System.Text.Json.Serialization;
using Marquee.Cli.Import;
using Marquee.Training.Evaluation;

namespace Marquee.Cli.Evaluation;

/// <summary>The JSON document of <c>marquee evaluate --json</c>.</summary>
/// <param name="DataSet">Name of the folder or file.</param>
/// <param name="Titles">How many titles.</param>
/// <param name="Users">How many users.</param>
/// <param name="Events">How many events.</param>
/// <param name="TrainShare">Share of the events that only trained.</param>
/// <param name="ValidationShare">Share of the events that chose hyper-parameters.</param>
/// <param name="Models">One line per model of the prequential protocol.</param>
/// <param name="ColdTitles">The cold-title protocol, one result for each seed; empty when it was not asked for.</param>
/// <param name="Diversity">What diversity re-ranking does to the engine's lists of the test period; null when it was not asked for.</param>
/// <param name="SecondStages">Every second stage that was tried with --ranker, on the validation period; empty when none was.</param>
/// <param name="SkippedLines">Lines of the data set that could not be read and were left out.</param>
/// <param name="Errors">The first of them.</param>
internal sealed record EvaluationReport(
    string DataSet,
    int Titles,
    int Users,
    int Events,
    double TrainShare,
    double ValidationShare,
    IReadOnlyList<EvaluationLine> Models,
    IReadOnlyList<ColdTitleResult> ColdTitles,
    DiversityLine? Diversity,
    IReadOnlyList<GridLine> SecondStages,
    int SkippedLines,
    IReadOnlyList<LineFault> Errors);

/// <summary>One model under the prequential protocol.</summary>
internal sealed record EvaluationLine(
    string Family,
    string Model,
    string Staleness,
    int Lists,
    double ValidationRecall10,
    double ValidationNdcg10,
    double Recall10,
    double Recall10Low,
    double Recall10High,
    double Ndcg10,
    double Ndcg10Low,
    double Ndcg10High,
    double ReciprocalRank,
    double Recall50,
    IReadOnlyList<HistoryLine> ByHistory,
    double Seconds,
    CostLine? Costs)
{
    public static EvaluationLine Of(string family, string staleness, PrequentialResult result) => new(
        family,
        result.Model,
        staleness,
        result.Test.Count,
        Round(result.Validation.Recall10),
        Round(result.Validation.Ndcg10),
        Round(result.Test.Recall10),
        Round(result.Recall10Interval.Low),
        Round(result.Recall10Interval.High),
        Round(result.Test.Ndcg10),
        Round(result.Ndcg10Interval.Low),
        Round(result.Ndcg10Interval.High),
        Round(result.Test.ReciprocalRank),
        Round(result.Test.Recall50),
        [.. result.ByHistory.Select((metrics, i) => new HistoryLine(PrequentialResult.HistoryLabels[i], metrics.Count, Round(metrics.Recall10), Round(metrics.Ndcg10)))],
        Math.Round(result.Elapsed.TotalSeconds, 1),
        result.Costs is { } costs ? new CostLine(Math.Round(costs.Ranking), Math.Round(costs.Learning), Math.Round(costs.State)) : null);

    public static double Round(double value) => double.IsFinite(value) ? Math.Round(value, 4) : 0;
}

/// <summary>Lists of users with so many events before.</summary>
internal sealed record HistoryLine(string Events, int Lists, double Recall10, double Ndcg10);

/// <summary>Medians of what single steps cost, in microseconds.</summary>
internal sealed record CostLine(double RankingMicroseconds, double LearningMicroseconds, double StateMicroseconds);

/// <summary>One of the hyper-parameters that the validation period chose among.</summary>
internal sealed record GridLine(string Variant, double ValidationRecall10, double ValidationNdcg10)
{
    public static GridLine Of((string Name, RankingMetrics Validation) variant) => new(
        variant.Name, EvaluationLine.Round(variant.Validation.Recall10), EvaluationLine.Round(variant.Validation.Ndcg10));
}

/// <summary>What diversity re-ranking gives and costs, over the first ten titles of the engine's lists of the test period.</summary>
/// <param name="Lists">How many lists.</param>
/// <param name="With">With re-ranking, as it is served.</param>
/// <param name="Without">Without.</param>
/// <param name="NdcgCostPercent">Percent of the NDCG@10 that it takes.</param>
/// <param name="NdcgCostPercentLow">Lower end of its 95 % interval.</param>
/// <param name="NdcgCostPercentHigh">Upper end.</param>
internal sealed record DiversityLine(
    int Lists, DiversityFigures With, DiversityFigures Without, double NdcgCostPercent, double NdcgCostPercentLow, double NdcgCostPercentHigh)
{
    public static DiversityLine Of(DiversityResult result) => new(
        result.Lists, Round(result.With), Round(result.Without), Percent(result.NdcgCost), Percent(result.NdcgCostInterval.Low), Percent(result.NdcgCostInterval.High));

    private static double Percent(double share) => double.IsFinite(share) ? Math.Round(100 * share, 2) : 0;

    private static DiversityFigures Round(DiversityFigures figures) => new(
        EvaluationLine.Round(figures.IntraListDiversity),
        EvaluationLine.Round(figures.Coverage),
        EvaluationLine.Round(figures.CrowdedShare),
        EvaluationLine.Round(figures.Recall10),
        EvaluationLine.Round(figures.Ndcg10));
}

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
