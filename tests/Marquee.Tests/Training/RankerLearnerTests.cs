using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Models;
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
        node.Model = node.Model with { Sequence = SequenceTowerTests.Tower([.. SmallWorld.Titles().Select(static title => title.TitleId)], 20) };
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
            TasteScan.Run(taste, node.Catalogue, Now, scratch);
            ranker.Weigh(scratch.Context, scratch.CandidateWeights, scratch.RankingWeights);
            CandidateFilter.RemoveNumbers(taste.Excluded, node.Catalogue, scratch.Scores);
            double[] scores =
            [
                .. Enumerable.Range(0, node.Catalogue.RowCount).Select(row => float.IsFinite(scratch.Scores[row])
                    ? TensorPrimitives.Dot(CandidateFeatures.Of(row, node.Catalogue, scratch), scratch.CandidateWeights)
                    : double.NegativeInfinity),
            ];
            var row = node.Catalogue.RowOf(node.Titles.NumberOf(target));
            return scores[row] - Math.Log(scores.Sum(Math.Exp));
        }
    }

    /// <summary>The same for the network: its first step, too, gives its gradient back.</summary>
    [Fact]
    public void Learn_FirstStepOfTheNetwork_FollowsTheFiniteDifferenceGradient()
    {
        var node = SmallWorld.Node();
        var taste = node.TasteOf("user-0");
        var start = new AdditiveRanker(node.Model.Ranker.Features, node.Model.Ranker.Contexts, node.Model.Ranker.CandidateWeights, node.Model.Ranker.RankingWeights)
        {
            Interplay = Network(),
        };
        node.Model = node.Model with { Ranker = start };
        var target = RecommendationPipeline.Recommend(new() { Now = Now, Count = 30 }, taste, node.Catalogue, new Scratch()).Items[7].TitleId;
        const float Rate = 0.5f;
        var learner = new RankerLearner(start) { NetworkLearningRate = Rate, LeastResidual = 0 };

        Assert.True(learner.Learn(target, taste, node.Catalogue, Now, new Scratch()));

        var learned = learner.Publish().Interplay!;
        var checkedWeights = 0;
        foreach (var (before, after) in ((float[], float[])[])
            [(start.Interplay.OutputWeights, learned.OutputWeights), (start.Interplay.Biases, learned.Biases), (start.Interplay.InputWeights, learned.InputWeights)])
        {
            for (var weight = 0; weight < before.Length; weight += 7)
            {
                var step = (after[weight] - before[weight]) / Rate;
                var gradient = step / Math.Sqrt(1 - (step * step));

                // Small: a hidden unit that switches on between both sides has two slopes.
                const float Nudge = 3e-4f;
                var kept = before[weight];
                before[weight] = kept + Nudge;
                var higher = LogProbability();
                before[weight] = kept - Nudge;
                var lower = LogProbability();
                before[weight] = kept;
                Assert.Equal((higher - lower) / (2 * Nudge), gradient, 5e-3);
                checkedWeights += Math.Abs(gradient) > 0.02 ? 1 : 0;
            }
        }

        Assert.True(checkedWeights > 10, $"Only {checkedWeights} slopes were large enough to tell anything.");

        double LogProbability()
        {
            var scores = RecommendationPipeline.Recommend(new() { Now = Now, Count = 60 }, taste, node.Catalogue, new Scratch()).Items;
            return scores.Single(item => item.TitleId == target).Score - Math.Log(scores.Sum(item => Math.Exp(item.Score)));
        }
    }

    internal static InterplayNetwork Network()
    {
        var untrained = InterplayNetwork.Untrained(TasteFeatures.NetworkInputs);
        var random = new Random(5);
        return new InterplayNetwork(
            untrained.Inputs, untrained.InputWeights, untrained.Biases, [.. untrained.OutputWeights.Select(_ => (float)(random.NextDouble() - 0.5))]);
    }

    /// <summary>In a catalogue of one block nothing is left out, so that both ways must give the same weights.</summary>
    [Fact]
    public void LearnFromRanking_SmallCatalogue_LearnsWhatLearnDoes()
    {
        var node = SmallWorld.Node();
        var taste = node.TasteOf("user-0");
        var scratch = new Scratch();
        var target = RecommendationPipeline.Recommend(new() { Now = Now, Count = 30 }, taste, node.Catalogue, scratch).Items[7].TitleId;
        var (behindRanking, alone) = (new RankerLearner(node.Model.Ranker), new RankerLearner(node.Model.Ranker));

        Assert.True(behindRanking.LearnFromRanking(target, taste, node.Catalogue, scratch));
        Assert.True(alone.Learn(target, taste, node.Catalogue, Now, new Scratch()));

        var (one, other) = (behindRanking.Publish(), alone.Publish());
        Assert.NotEqual(node.Model.Ranker.CandidateWeights, one.CandidateWeights);
        for (var i = 0; i < one.CandidateWeights.Length; i++)
        {
            Assert.Equal(other.CandidateWeights[i], one.CandidateWeights[i], 1e-5f);
            Assert.Equal(other.RankingWeights[i], one.RankingWeights[i], 1e-5f);
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
