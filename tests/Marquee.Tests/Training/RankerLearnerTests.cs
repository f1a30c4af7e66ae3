using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Recommendations;
using Marquee.Training.Recommendations;

namespace Marquee.Tests.Training;

public sealed class RankerLearnerTests
{
    private const long Now = SmallWorld.Start + (24 * 3_600_000);

    /// <summary>AdaGrad's first step is rate · g / √(g² + 1), which gives the gradient back; it must be the slope of the log-probability.</summary>
    [Fact]
    public void Learn_FirstStep_FollowsTheFiniteDifferenceGradient()
    {
        var node = SmallWorld.Node();
        var taste = node.TasteOf("user-0");
        var target = RecommendationPipeline.Recommend(new() { Now = Now, Count = 30 }, taste, node.Catalogue, new Scratch()).Items[7].TitleId;
        var start = node.Model.Ranker;
        const float Rate = 0.5f;
        var learner = new RankerLearner(start) { LearningRate = Rate };

        Assert.True(learner.Learn(target, taste, node.Catalogue, Now, new Scratch()));

        var learned = learner.Publish();
        var contexts = start.Contexts.Length;
        for (var feature = 0; feature < start.Features.Length; feature++)
        {
            var step = (learned.CandidateWeights[feature * contexts] - start.CandidateWeights[feature * contexts]) / Rate;
            var gradient = step / Math.Sqrt(1 - (step * step));
            const float Nudge = 0.01f;
            var slope = (LogProbability(feature * contexts, Nudge) - LogProbability(feature * contexts, -Nudge)) / (2 * Nudge);
            Assert.Equal(start.Features[feature] == "newcomer" ? 0 : slope, gradient, 5e-3);
        }

        double LogProbability(int weight, float nudge)
        {
            float[] weights = [.. start.CandidateWeights];
            weights[weight] += nudge;
            var ranker = new AdditiveRanker(start.Features, start.Contexts, weights, start.RankingWeights);
            var scratch = new Scratch();
            TasteScan.Run(taste, node.Catalogue, scratch);
            TasteContext.Compute(taste, node.Catalogue, Now, scratch.Context);
            NewcomerScan.Run(node.Catalogue, Now, scratch);
            ranker.Weigh(scratch.Context, scratch.CandidateWeights, scratch.RankingWeights);
            CandidateScan.Score(node.Catalogue.Blocks, scratch);
            CandidateFilter.RemoveNumbers(taste.Excluded, node.Catalogue, scratch.Scores);
            var scores = scratch.Scores.Take(node.Catalogue.Blocks.Length * CatalogueBlock.Rows).Select(static score => (double)score).ToArray();
            var row = node.Catalogue.RowOf(node.Titles.NumberOf(target));
            return scores[row] - Math.Log(scores.Sum(Math.Exp));
        }
    }

    [Fact]
    public void Learn_TitleTheViewerHasSeen_IsNothingToLearn()
    {
        var node = SmallWorld.Node();
        var seen = node.Titles.IdOf(node.TasteOf("user-0").Recent[0].Title);

        Assert.False(new RankerLearner(node.Model.Ranker).Learn(seen, node.TasteOf("user-0"), node.Catalogue, Now, new Scratch()));
    }
}
