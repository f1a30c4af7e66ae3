using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Training;

public sealed class ModelTrialTests
{
    private const long Day = 24 * 3_600_000;

    private static readonly TrainingData History = new([.. SmallWorld.Titles()], [.. SmallWorld.Events(users: 200, titlesEach: 12)]);

    [Fact]
    public void Run_ModelThatTurnsEveryWeightRound_IsFarWorseThanItsOriginal()
    {
        var result = ModelTrial.Run(History, Inverted(PublishedModel.Untrained), PublishedModel.Untrained)!;

        Assert.True(result.Lists >= ModelTrial.FewestToJudge);
        Assert.True(result.Ndcg10 < result.CurrentNdcg10 / 2, result.ToString());
        Assert.True(result.Ndcg10 < result.CurrentNdcg10 - (4 * result.StandardError), result.ToString());
        Assert.True(result.Recall10 < result.CurrentRecall10, result.ToString());
    }

    [Fact]
    public void Run_ModelAgainstItself_IsTheSameWithoutDoubt()
    {
        var result = ModelTrial.Run(History, PublishedModel.Untrained with { Version = "twin" }, PublishedModel.Untrained)!;

        Assert.True(result.Ndcg10 > 0);
        Assert.Equal((result.CurrentRecall10, result.CurrentNdcg10, 0), (result.Recall10, result.Ndcg10, result.StandardError));
        Assert.False(result.HasSeenPeriod);
    }

    [Fact]
    public void Run_ModelTrainedOnThePeriod_IsMarked() =>
        Assert.True(ModelTrial.Run(History, PublishedModel.Untrained with { TrainedUntil = long.MaxValue }, PublishedModel.Untrained)!.HasSeenPeriod);

    [Fact]
    public void Run_HardlyAnyHistory_SaysNothing()
    {
        Assert.Null(ModelTrial.Run(History with { Events = [.. History.Events.Take(20)] }, PublishedModel.Untrained, PublishedModel.Untrained));
        Assert.Null(ModelTrial.Run(History with { Events = [] }, PublishedModel.Untrained, PublishedModel.Untrained));
    }

    [Fact]
    public void WithoutPeriod_ManyEventsADay_LeavesOutTheLastDay()
    {
        EngagementEvent[] events = [.. Enumerable.Range(0, 4_000).Select(i => SmallWorld.Like($"u{i % 50}", $"Western-{i % 30}", SmallWorld.Start + (i * (Day / 500))))];
        var last = events[^1].OccurredAt;

        var kept = ModelTrial.WithoutPeriod(History with { Events = events }).Events;

        Assert.Equal(events.Where(engagement => engagement.OccurredAt <= last - Day), kept);
    }

    [Fact]
    public void WithoutPeriod_FewEventsADay_ReachesBackAtMostOverAFifth()
    {
        EngagementEvent[] events = [.. Enumerable.Range(0, 400).Select(i => SmallWorld.Like($"u{i % 50}", $"Western-{i % 30}", SmallWorld.Start + (i * Day)))];

        Assert.Equal(events.Take(320), ModelTrial.WithoutPeriod(History with { Events = events }).Events);
    }

    internal static PublishedModel Inverted(PublishedModel model) => model with
    {
        Version = "inverted",
        Ranker = new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, [.. model.Ranker.CandidateWeights.Select(static weight => -weight)], [.. model.Ranker.RankingWeights.Select(static weight => -weight)]),
    };
}
