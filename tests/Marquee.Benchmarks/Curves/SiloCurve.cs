using System.Text.Json;
using Marquee.Benchmarks.Results;

namespace Marquee.Benchmarks.Curves;

/// <summary>What a call costs by silos: drawn from <c>silos.json</c> in the folder of the results, which is measured on a cluster. Without that file nothing is drawn.</summary>
/// <remarks>
/// The file: <c>{"how":"what was measured, and how","points":[{"silos":1,"recommendationMicroseconds":600,"eventMicroseconds":70}]}</c>,
/// processor time of all silos together per call.
/// </remarks>
internal static class SiloCurve
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static void Run(Report report)
    {
        var path = Path.Combine(Parts.Folder ?? ".", "silos.json");
        if (!File.Exists(path))
        {
            Report.Progress($"silos: {path} is not there; skipped");
            return;
        }

        var file = JsonSerializer.Deserialize<SiloFile>(File.ReadAllText(path), Json)!;
        report.Note($"Not measured by ./bench, but taken from silos.json: {file.How}");
        foreach (var point in file.Points)
        {
            report.Add(new ResultRow($"recommendation, {point.Silos} silos", point.RecommendationMicroseconds, "µs"));
            report.Add(new ResultRow($"event, {point.Silos} silos", point.EventMicroseconds, "µs"));
        }

        CurvePlot.Draw(
            "silos-cost",
            "Cost by silos",
            "silos",
            "µs of processor time of all silos",
            ("recommendation", [.. file.Points.Select(point => ((double)point.Silos, point.RecommendationMicroseconds))]),
            ("event", [.. file.Points.Select(point => ((double)point.Silos, point.EventMicroseconds))]));
    }

    private sealed record SiloFile(string How, Point[] Points);

    private sealed record Point(int Silos, double RecommendationMicroseconds, double EventMicroseconds);
}
