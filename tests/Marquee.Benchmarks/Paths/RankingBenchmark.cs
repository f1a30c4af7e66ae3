using System.Diagnostics;
using Marquee.Benchmarks.Results;
using Marquee.Contracts.Users;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Users;

namespace Marquee.Benchmarks.Paths;

/// <summary>Where the microseconds of a ranking go: the pipeline's stages, one after the other on one thread, viewers of the sample.</summary>
/// <remarks>Of several rounds the fastest counts for each stage: what else runs on the machine only makes rounds slower.</remarks>
internal static class RankingBenchmark
{
    private const int Users = 500;
    private const int Rounds = 15;

    /// <summary>Names of the stages, in order.</summary>
    public static readonly string[] Stages = ["viewer", "scan", "filter", "selection", "ranking", "diversity", "exploration", "explanation"];

    public static async Task Run(BenchmarkNode node, Report report)
    {
        var (fastest, described) = await Measure(node);
        for (var stage = 0; stage < Stages.Length; stage++)
        {
            report.Add(new ResultRow($"ranking, {Stages[stage]}", fastest[stage], "µs"));
        }

        report.Add(new ResultRow("ranking, all stages", fastest.Sum(), "µs"));
        report.Note($"One thread, {Users} viewers of the sample, the fastest of {Rounds} rounds for each stage; {described:N0} of {node.Catalogue.TitleCount:N0} titles are read in full.");
    }

    /// <summary>Microseconds of each stage, and how many titles are read in full.</summary>
    public static async Task<(double[] Microseconds, double Described)> Measure(BenchmarkNode node)
    {
        var catalogue = node.Catalogue;
        var tastes = new List<UserTaste>();
        for (var user = 1; user <= Users; user++)
        {
            tastes.Add(await TasteOf(node, catalogue, user));
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
                var ranked = Rank(RequestOf(catalogue, user), tastes[user], catalogue, scratch, ticks);
                described += scratch.Described.Count / (double)Users;
                if (round == 0)
                {
                    RequireSame(RecommendationPipeline.Recommend(RequestOf(catalogue, user), tastes[user], catalogue, scratch), ranked);
                }
            }

            for (var stage = 0; stage < Stages.Length; stage++)
            {
                fastest[stage] = Math.Min(fastest[stage], Stopwatch.GetElapsedTime(0, ticks[stage]).TotalMicroseconds / Users);
            }
        }

        return (fastest, described);
    }

    private static async Task<UserTaste> TasteOf(BenchmarkNode node, CatalogueSnapshot catalogue, int user)
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

        return taste.Freeze();
    }

    private static RecommendationRequest RequestOf(CatalogueSnapshot catalogue, int user) => new()
    {
        Surface = Surfaces.TopPicks,
        Count = 20,
        Now = catalogue.StreamTime,
        AvailableAt = catalogue.StreamTime,
        Exploration = new Exploration(0.05, (ulong)user),
    };

    /// <summary>The stages are copied from the pipeline, so that a clock fits between them: that they are the same is checked.</summary>
    private static void RequireSame(RankedSlate pipeline, RankedSlate stages)
    {
        if (!pipeline.Items.Select(item => (item.TitleId, item.Score)).SequenceEqual(stages.Items.Select(item => (item.TitleId, item.Score))))
        {
            throw new InvalidOperationException("The stages that are measured here are not those of the pipeline any more.");
        }
    }

    /// <summary>The stages of <see cref="RecommendationPipeline"/>, with a clock between them.</summary>
    private static RankedSlate Rank(RecommendationRequest request, UserTaste taste, CatalogueSnapshot catalogue, Scratch scratch, long[] ticks)
    {
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
        var chosen = DiversityReRanking.Choose(candidates, request.Count, catalogue, scratch.Chosen);
        Next();
        var explored = ExplorationSlots.Fill(request.Exploration, chosen, catalogue, scratch);
        Next();
        var slate = Explanation.Explain(request, chosen, explored, taste, catalogue, scratch, null);
        Next();
        return slate;
    }
}
