using Marquee.Benchmarks.Results;
using Marquee.Engine.Events;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;

namespace Marquee.Benchmarks.Curves;

/// <summary>What a viewer costs by the events of their history: a recommendation, coming up again, and memory.</summary>
internal static class HistoryCurve
{
    private const int Titles = 10_000;
    private const int Viewers = 20;

    public static void Run(Report report)
    {
        report.Note($"{Titles:N0} titles, {Viewers} viewers, one thread, the fastest of 3 rounds. Coming up: the stored history is read and folded into a taste, as when a viewer's grain is activated.");
        var world = new GeneratedWorld(12);
        var catalogue = world.Catalogue(Titles, 64);
        var scratch = new Scratch();
        var request = new RecommendationRequest { Now = GeneratedWorld.Now, Exploration = new Exploration(0.05, 1) };
        var (ranking, first, comingUp, bytes) = (new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>(), new List<(double, double)>());
        foreach (var events in (int[])[1, 10, 100, 1_000, 10_000])
        {
            Report.Progress($"{events:N0} events");
            EngagementEvent[][] histories = [.. Enumerable.Range(0, Viewers).Select(viewer => world.Events($"viewer-{viewer}", events, Titles).ToArray())];
            var before = FastestOf.HeapBytes();
            var states = histories.Select(Fold).ToArray();
            var each = (FastestOf.HeapBytes() - before) / (double)Viewers;
            GC.KeepAlive(histories);
            byte[][] stored = [.. states.Select(state => state.ToBytes())];
            var tastes = states.Select(state => state.Taste).ToArray();
            var again = FastestOf.Rounds(3, Math.Max(Viewers, 2_000 / events), i => { _ = EngagementHistory.FromBytes(stored[i % Viewers], world.Titles).Taste; });
            var warm = FastestOf.Rounds(3, 200, i => RecommendationPipeline.Recommend(request, tastes[i % Viewers], catalogue, scratch));
            var cold = FastestOf.Rounds(3, 200, i => RecommendationPipeline.Recommend(request, tastes[i % Viewers].WithRecent(tastes[i % Viewers].Recent), catalogue, scratch));
            report.Add(new ResultRow($"recommendation, {events:N0} events", warm, "µs"));
            report.Add(new ResultRow($"first recommendation after an event (folds the viewer in), {events:N0} events", cold, "µs"));
            report.Add(new ResultRow($"coming up, {events:N0} events", again, "µs"));
            report.Add(new ResultRow($"state of a viewer, {events:N0} events", each, "B"));
            ranking.Add((events, warm));
            first.Add((events, cold));
            comingUp.Add((events, again));
            bytes.Add((events, each));
            GC.KeepAlive(states);
        }

        CurvePlot.Draw("history-cost", "One viewer, 10,000 titles", "events of the viewer", "µs", ("recommendation", [.. ranking]), ("the first after an event", [.. first]), ("coming up", [.. comingUp]));
        CurvePlot.Draw("history-memory", "State of one viewer", "events of the viewer", "bytes", ("history and taste", [.. bytes]));

        EngagementHistory Fold(EngagementEvent[] events)
        {
            var history = new EngagementHistory(world.Titles);
            foreach (var engagement in events)
            {
                history.Append(engagement);
            }

            // As after a recommendation.
            _ = history.Taste;
            return history;
        }
    }
}
