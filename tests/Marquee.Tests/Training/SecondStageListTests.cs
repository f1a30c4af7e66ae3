using Marquee.Engine.Recommendations;
using Marquee.Tests.Recommendations;
using Marquee.Training.Evaluation.SecondStage;

namespace Marquee.Tests.Training;

public sealed class SecondStageListTests
{
    [Fact]
    public void Add_ListWithADeepTarget_KeepsTheBestSomeOfTheRestAndTheTargetInOrder()
    {
        var buffer = new TrainingListBuffer(capacity: 3, best: 4, rest: 5);
        buffer.Add(Numbered(50), 40);

        var (features, target) = Assert.Single(buffer.Lists);
        float[] kept = [.. Enumerable.Range(0, features.Length / ListFeatures.Count).Select(i => features[i * ListFeatures.Count])];
        Assert.Equal(40, kept[target]);
        Assert.Equal([0, 1, 2, 3], kept[..4]);
        Assert.Equal(kept.Distinct().Order(), kept);
        Assert.InRange(kept.Length, 6, 10);
    }

    [Fact]
    public void Add_MoreThanTheCapacity_ForgetsTheOldest()
    {
        var buffer = new TrainingListBuffer(capacity: 3, best: 100, rest: 5);
        for (var target = 0; target < 5; target++)
        {
            buffer.Add(Numbered(10), target);
        }

        Assert.Equal([2, 3, 4], buffer.Lists.Select(list => list.Target));
        Assert.All(buffer.Lists, list => Assert.Equal(10 * ListFeatures.Count, list.Features.Length));
    }

    [Fact]
    public void Of_Ranking_HasTheFeaturesAndTheirZScores()
    {
        var (node, scratch) = (SmallWorld.Node(), new Scratch());
        var catalogue = node.Catalogue;
        var request = new RecommendationRequest { Now = SmallWorld.Start + (24 * 3_600_000), Count = 30, Diversify = false };
        Candidate[] candidates = [.. RecommendationPipeline.Recommend(request, node.TasteOf("user-0"), catalogue, scratch).Items
            .Select(item => new Candidate(catalogue.RowOf(item.Number), item.Score))];

        var features = ListFeatures.Of(candidates, catalogue, scratch);

        var named = TasteFeatures.AllNames.Length;
        Assert.Equal(candidates.Length * ListFeatures.Count, features.Length);
        Assert.Equal(CandidateFeatures.Of(candidates[7].Row, catalogue, scratch).ToArray(), features.AsSpan(7 * ListFeatures.Count, named).ToArray());
        Assert.Equal([0, 1, MathF.Log2(3)], Column(features, ListFeatures.Count - 1)[..3]);
        Assert.All(Column(features, ListFeatures.Count - 2), (behind, i) => Assert.Equal((float)(candidates[i].Score - candidates[0].Score), behind));
        var moving = 0;
        foreach (var feature in Enumerable.Range(named, named).Append(ListFeatures.Count - 3))
        {
            var values = Column(features, feature);
            if (values.Any(static value => value != 0))
            {
                Assert.Equal(0, values.Average(static value => (double)value), 3);
                Assert.Equal(1, values.Average(static value => (double)value * value), 3);
                moving++;
            }
        }

        Assert.True(moving > 5, $"{moving} features differ within the list");
    }

    private static float[] Column(float[] features, int feature) =>
        [.. Enumerable.Range(0, features.Length / ListFeatures.Count).Select(i => features[(i * ListFeatures.Count) + feature])];

    /// <summary>Candidates whose first feature is their place.</summary>
    private static float[] Numbered(int count)
    {
        var features = new float[count * ListFeatures.Count];
        for (var i = 0; i < count; i++)
        {
            features[i * ListFeatures.Count] = i;
        }

        return features;
    }
}
