using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Models;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Recommendations;

public sealed class SequenceRankingTests
{
    private const long Now = SmallWorld.Start + (24 * 3_600_000);

    [Fact]
    public void Recommend_ModelWithATower_NamesItsPartAndPartsAddUp()
    {
        var node = Node();

        var items = RecommendationPipeline.Recommend(new() { Now = Now, Count = 30, Explain = true }, node.TasteOf("user-0"), node.Catalogue, new Scratch()).Items;

        Assert.Equal(30, items.Count);
        Assert.All(items, static item => Assert.Equal(item.Score, item.Parts.Sum(static part => part.Value), 1e-9));
        Assert.All(items, static item => Assert.Contains(item.Parts, static part => part.Name == "sequence"));
    }

    /// <remarks>A ranker that looks at nothing else must put first what the tower puts first.</remarks>
    [Fact]
    public void Recommend_OnlyTheTowerCounts_IsInTheOrderOfTheTower()
    {
        var node = Node();
        var weights = new float[TasteFeatures.AllNames.Length * TasteContext.Count];
        weights[Array.IndexOf(TasteFeatures.AllNames, "sequence") * TasteContext.Count] = 1;
        node.Model = node.Model with { Ranker = new AdditiveRanker(TasteFeatures.AllNames, TasteContext.Names, weights, new float[weights.Length]) };
        var (taste, catalogue) = (node.TasteOf("user-0"), node.Catalogue);

        var items = RecommendationPipeline.Recommend(new() { Now = Now, Count = 5 }, taste, catalogue, new Scratch()).Items;

        var tower = node.Model.Sequence!;
        var state = tower.Follow(taste, node.Titles);
        var query = new float[tower.Dimension];
        tower.Network.Query(state.Hidden, SequenceStep.GapOf(Now - state.OccurredAt), new float[tower.Network.Hidden], query);
        var best = Enumerable.Range(0, catalogue.RowCount)
            .Where(row => !taste.IsExcluded(catalogue[row]!.Number))
            .Select(row =>
            {
                var vector = new float[tower.Dimension];
                tower.Embed(catalogue[row]!, vector);
                var statistics = catalogue[row]!.Statistics;
                var share = NewcomerModel.ShareOf(Math.Max(statistics.Verdicts, statistics.Positives));
                return (1 - share) * SequenceScan.Scale * TensorPrimitives.Dot<float>(query, vector);
            })
            .Max();
        Assert.Equal(best, items[0].Score, 0.02 * Math.Abs(best));
        Assert.Equal(items.OrderByDescending(static item => item.Score), items);
    }

    [Fact]
    public void Recommend_ViewerWithoutEvents_GetsNothingFromTheTower()
    {
        var node = Node();

        var items = RecommendationPipeline.Recommend(new() { Now = Now, Count = 10, Explain = true }, node.TasteOf("nobody"), node.Catalogue, new Scratch()).Items;

        Assert.All(items, static item => Assert.DoesNotContain(item.Parts, static part => part.Name == "sequence"));
    }

    /// <remarks>A scratch serves one viewer after the other.</remarks>
    [Fact]
    public void Recommend_AfterAModelWithATower_OneWithoutKnowsNothingOfIt()
    {
        var node = Node();
        var scratch = new Scratch();
        RecommendationPipeline.Recommend(new() { Now = Now, Count = 10 }, node.TasteOf("user-0"), node.Catalogue, scratch);
        node.Model = node.Model with { Sequence = null };

        var items = RecommendationPipeline.Recommend(new() { Now = Now, Count = 10, Explain = true }, node.TasteOf("user-0"), node.Catalogue, scratch).Items;

        Assert.All(items, static item => Assert.DoesNotContain(item.Parts, static part => part.Name == "sequence"));
    }

    private static InProcessNode Node()
    {
        var node = SmallWorld.Node();
        node.Model = node.Model with { Sequence = SequenceTowerTests.Tower([.. SmallWorld.Titles().Select(static title => title.TitleId)], 20) };
        return node;
    }
}
