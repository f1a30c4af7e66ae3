using System.Text.Json.Serialization;
using Marquee.Training.Evaluation;

namespace Marquee.Cli.Evaluation;

/// <summary>The JSON document of <c>marquee evaluate --json</c>.</summary>
/// <param name="DataSet">Name of the folder.</param>
/// <param name="Titles">How many titles.</param>
/// <param name="Users">How many users.</param>
/// <param name="Events">How many events.</param>
/// <param name="TrainShare">Share of the events that only trained.</param>
/// <param name="ValidationShare">Share of the events that chose hyper-parameters.</param>
/// <param name="Models">One line per model of the prequential protocol.</param>
/// <param name="ColdTitles">The cold-title protocol, one result for each seed; empty when it was not asked for.</param>
internal sealed record EvaluationReport(
    string DataSet,
    int Titles,
    int Users,
    int Events,
    double TrainShare,
    double ValidationShare,
    IReadOnlyList<EvaluationLine> Models,
    IReadOnlyList<ColdTitleResult> ColdTitles);

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

    private static double Round(double value) => double.IsFinite(value) ? Math.Round(value, 4) : 0;
}

/// <summary>Lists of users with so many events before.</summary>
internal sealed record HistoryLine(string Events, int Lists, double Recall10, double Ndcg10);

/// <summary>Medians of what single steps cost, in microseconds.</summary>
internal sealed record CostLine(double RankingMicroseconds, double LearningMicroseconds, double StateMicroseconds);

/// <summary>How the report is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class EvaluationJson : JsonSerializerContext;
