using System.Diagnostics;
using Marquee.Contracts.Users;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;

namespace Marquee.Benchmarks;

/// <summary>Where the microseconds of a ranking go: the pipeline's stages, one after the other on one thread, viewers of the sample.</summary>
/// <remarks>Of several rounds the fastest counts for each stage: what else runs on the machine only makes rounds slower.</remarks>
internal static class RankingBenchmark
{
    private const int Users = 500;
    private const int Rounds = 15;

    private static readonly string[] Stages = ["viewer", "scan", "filter", "selection", "ranking", "diversity", "exploration", "explanation"];

    public static async Task Run(BenchmarkNode node)
    {
        var catalogue = node.Catalogue;
        var tastes = new List<UserTaste>();
        for (var user = 1; user <= Users; user++)
        {
            var history = await node.Grains.GetGrain<IUserGrain>($"default/{user}").GetHistory(1_000, null, null);
            var taste = new TasteState(catalogue.Titles);
            foreach (var engagement in history.Events.Reverse())
            {
                taste.Apply(new EngagementEvent
                {
                    EventId = engagement.EventId,
                    UserId = $"{user}",
                    TitleId = engagement.TitleId,
                    Type = (EngagementType)engagement.Type,
                    Value = engagement.Value,
                    OccurredAt = engagement.OccurredAt,
                });
            }

            tastes.Add(taste.Freeze());
        }

        var scratch = new Scratch();
        var fastest = new double[Stages.Length];
        Array.Fill(fastest, double.PositiveInfinity);
        double described = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var ticks = new long[Stages.Length];
            described = 0;
            for (var user = 0; user < Users; user++)
            {
                Rank(tastes[user], catalogue, scratch, (ulong)user, ticks);
                described += scratch.Described.Count / (double)Users;
            }

            for (var stage = 0; stage < Stages.Length; stage++)
            {
                fastest[stage] = Math.Min(fastest[stage], Stopwatch.GetElapsedTime(0, ticks[stage]).TotalMicroseconds / Users);
            }
        }

        for (var stage = 0; stage < Stages.Length; stage++)
        {
            Console.WriteLine($"ranking, {Stages[stage],-43} {fastest[stage],10:N1} µs");
        }

        Console.WriteLine($"ranking, {"all stages",-43} {fastest.Sum(),10:N1} µs; {described:N0} of {catalogue.TitleCount:N0} titles read in full");
    }

    /// <summary>The stages of <see cref="RecommendationPipeline"/>, with a clock between them.</summary>
    private static void Rank(UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, ulong seed, long[] ticks)
    {
        var request = new RecommendationRequest
        {
            Surface = Surfaces.TopPicks,
            Count = 20,
            Now = catalogue.StreamTime,
            AvailableAt = catalogue.StreamTime,
            Exploration = new Exploration(0.05, seed),
        };
        var stage = 0;
        var last = Stopwatch.GetTimestamp();
        void Next()
        {
            var now = Stopwatch.GetTimestamp();
            ticks[stage++] += now - last;
            last = now;
        }

        TasteScan.Run(taste, catalogue, request.Now, scratch);
        Next();
        var scores = scratch.Scores.AsSpan(0, catalogue.Blocks.Length * CatalogueBlock.Rows);
        CandidateScan.Run(catalogue, scratch, BlockSum.UpTo(scratch), scores);
        Next();
        CandidateFilter.Apply(request, taste, catalogue, scratch, null);
        Next();
        var candidates = CandidateSelection.Keep(RecommendationPipeline.MostCandidates, scores, catalogue, scratch);
        Next();
        CandidateRanking.Order(candidates, catalogue, scratch);
        Next();
        var chosen = DiversityReRanking.Choose(candidates, request.Count, catalogue);
        Next();
        var explored = ExplorationSlots.Fill(request.Exploration, chosen, catalogue, scratch);
        Next();
        _ = Explanation.Explain(request, chosen, explored, taste, catalogue, scratch, null);
        Next();
    }
}
