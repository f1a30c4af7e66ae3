using Marquee.Benchmarks.Results;
using Marquee.Engine.Recommendations;

namespace Marquee.Benchmarks.Curves;

/// <summary>A whole ranking by titles of the catalogue, and what a replica of the catalogue takes.</summary>
internal static class TitleCurve
{
    private const int Viewers = 20;
    private const int Dimension = 64;

    public static void Run(Report report)
    {
        report.Note($"Generated catalogues with embeddings of {Dimension} dimensions, 32 neighbours per title and a network of interplay; {Viewers} viewers of 50 events each, 20 items, one thread, the fastest of 3 rounds. Bytes: the snapshot with metadata, statistics and neighbours, and the model that its embeddings come from.");
        var cost = new List<(double, double)>();
        var bytes = new List<(double, double)>();
        foreach (var titles in (int[])[1_000, 10_000, 100_000, 1_000_000])
        {
            Report.Progress($"{titles:N0} titles");
            var (microseconds, heap) = Measure(titles);
            report.Add(new ResultRow($"recommendation, {titles:N0} titles", microseconds, "µs"));
            report.Add(new ResultRow($"replica of the catalogue, {titles:N0} titles, per title", heap / titles, "B"));
            cost.Add((titles, microseconds));
            bytes.Add((titles, heap / 1e6));
        }

        CurvePlot.Draw("titles-cost", "One recommendation", "titles", "µs", ("all stages", [.. cost]));
        CurvePlot.Draw("titles-memory", "Replica of the catalogue", "titles", "MB", ("snapshot and model", [.. bytes]));
    }

    private static (double Microseconds, double Bytes) Measure(int titles)
    {
        var world = new GeneratedWorld(11);
        var before = FastestOf.HeapBytes();
        var catalogue = world.Catalogue(titles, Dimension);
        var tastes = Enumerable.Range(0, Viewers).Select(_ => world.Taste(50, titles).Freeze()).ToArray();
        var scratch = new Scratch();
        var request = new RecommendationRequest { Now = GeneratedWorld.Now, Exploration = new Exploration(0.05, 1) };
        var calls = Math.Max(Viewers, 2_000_000 / (titles + 1_000));
        var microseconds = FastestOf.Rounds(3, calls, i => RecommendationPipeline.Recommend(request, tastes[i % Viewers], catalogue, scratch));
        var heap = FastestOf.HeapBytes() - before;
        GC.KeepAlive(catalogue);
        return (microseconds, heap);
    }
}
