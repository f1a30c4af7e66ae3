using System.Globalization;
using Marquee.Training.Evaluation;
using Spectre.Console;

namespace Marquee.Cli.Evaluation;

/// <summary>Shows an evaluation to a person.</summary>
internal static class EvaluationTable
{
    public static void Write(CommandContext context, EvaluationReport report)
    {
        var console = context.OutputConsole();
        console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.DataSet}: {report.Titles:N0} titles, {report.Users:N0} users, {report.Events:N0} events"));
        if (report.Models.Count > 0)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"prequential: first {report.TrainShare:P0} trains, next {report.ValidationShare:P0} validates, the rest tests; whole catalogue ranked; 95 % user-bootstrap intervals"));
            console.Write(Models(report.Models));
            console.Write(ByHistory(report.Models));
            foreach (var line in report.Models.Where(static line => line.Costs is not null))
            {
                console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.Model}, {line.Staleness}, medians on one core: a ranking {line.Costs!.RankingMicroseconds:0} µs, the ranker's learning {line.Costs.LearningMicroseconds:0} µs, state {line.Costs.StateMicroseconds:0} µs"));
            }
        }

        foreach (var variant in report.SecondStages)
        {
            console.WriteLine($"{variant.Variant}: validation R@10 {Number(variant.ValidationRecall10)}, NDCG@10 {Number(variant.ValidationNdcg10)}");
        }

        if (report.Diversity is { } diversity)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"diversity re-ranking, {diversity.Lists:N0} lists of the test period: takes {diversity.NdcgCostPercent:0.00} % of NDCG@10 ({diversity.NdcgCostPercentLow:0.00} to {diversity.NdcgCostPercentHigh:0.00} %)"));
            console.Write(Diversity(diversity));
        }

        foreach (var cold in report.ColdTitles)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"cold titles, seed {cold.Seed}: {cold.Titles:N0} titles hidden from training, {cold.Questions:N0} questions; AUC {cold.AreaUnderCurve:0.0000}, R@10 {cold.Recall10:0.0000} within them"));
            console.Write(Cold(cold));
            console.Write(ByViewer(cold));
        }
    }

    private static Table Models(IReadOnlyList<EvaluationLine> lines)
    {
        var table = new Table().AddColumns("model", "staleness", "valid. R@10", "R@10", "", "NDCG@10", "", "MRR", "R@50", "s");
        foreach (var line in lines)
        {
            table.AddRow(
                Markup.Escape(line.Model), line.Staleness, Number(line.ValidationRecall10),
                Number(line.Recall10), $"{Number(line.Recall10Low)}–{Number(line.Recall10High)}",
                Number(line.Ndcg10), $"{Number(line.Ndcg10Low)}–{Number(line.Ndcg10High)}",
                Number(line.ReciprocalRank), Number(line.Recall50), line.Seconds.ToString("0", CultureInfo.InvariantCulture));
        }

        return table;
    }

    private static Table ByHistory(IReadOnlyList<EvaluationLine> lines)
    {
        var table = new Table().AddColumn("R@10 by events of the user");
        foreach (var bucket in lines[0].ByHistory)
        {
            table.AddColumn($"{bucket.Events} (n={bucket.Lists})");
        }

        foreach (var line in lines)
        {
            table.AddRow([Markup.Escape(line.Model), .. line.ByHistory.Select(static bucket => Number(bucket.Recall10))]);
        }

        return table;
    }

    private static Table Diversity(DiversityLine line)
    {
        var table = new Table().AddColumns("first ten titles", "intra-list diversity", "coverage", "lists with five alike", "R@10", "NDCG@10");
        foreach (var (name, figures) in ((string, DiversityFigures)[])[("as served", line.With), ("without re-ranking", line.Without)])
        {
            table.AddRow(name, Number(figures.IntraListDiversity), Number(figures.Coverage), Number(figures.CrowdedShare), Number(figures.Recall10), Number(figures.Ndcg10));
        }

        return table;
    }

    private static Table Cold(ColdTitleResult cold)
    {
        var table = new Table().AddColumns("events of the title", "questions", "AUC", "without its events", "gain", "R@10", "without its events");
        foreach (var point in cold.Curve)
        {
            table.AddRow(
                $"{point.Events}+", point.Questions.ToString(CultureInfo.InvariantCulture),
                Number(point.AreaUnderCurve), Number(point.WithoutOwnEvents), Number(point.AreaUnderCurve - point.WithoutOwnEvents),
                Number(point.Recall10), Number(point.WithoutOwnEventsRecall10));
        }

        return table;
    }

    private static Table ByViewer(ColdTitleResult cold)
    {
        var table = new Table().AddColumns("by viewer", "hidden titles with", "titles", "viewers", "AUC", "R@10");
        foreach (var point in cold.ByViewer)
        {
            table.AddRow(
                point.Model, $"{point.LeastPositives}+ positives", point.Titles.ToString(CultureInfo.InvariantCulture), point.Viewers.ToString(CultureInfo.InvariantCulture),
                Number(point.AreaUnderCurve), Number(point.Recall10));
        }

        return table;
    }

    private static string Number(double value) => value.ToString("0.0000", CultureInfo.InvariantCulture);
}
