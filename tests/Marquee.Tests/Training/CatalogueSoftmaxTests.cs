using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Recommendations;
using Marquee.Training.Evaluation;
using Marquee.Training.Recommendations;

namespace Marquee.Tests.Training;

/// <summary>Behind a ranking only some of the titles are summed; on average that must be what all of them give.</summary>
public sealed class CatalogueSoftmaxTests
{
    private const int Titles = 9_000;
    private const long Now = SmallWorld.Start + (24 * 3_600_000);

    [Fact]
    public void Expect_BehindARanking_IsOnAverageWhatAllTitlesGive()
    {
        var node = Node();
        var (catalogue, taste) = (node.Catalogue, node.TasteOf("user-3"));
        var exactly = Prepared(node, new Scratch());
        var softmax = new CatalogueSoftmax();
        softmax.Score(catalogue, exactly, turn: 0);
        var exact = new float[TasteFeatures.AllNames.Length];
        softmax.Expect(catalogue, exactly, exact);

        var ranked = new Scratch();
        RecommendationPipeline.Recommend(new() { Now = Now, Count = 20 }, taste, catalogue, ranked);
        var turns = catalogue.Blocks.Length / CatalogueSoftmax.SampledBlocks;
        Assert.True(turns >= 4, "Too few titles for any to be left out.");
        var mean = new double[exact.Length];
        var single = new List<float[]>();
        for (var turn = 0; turn < turns; turn++)
        {
            softmax.Score(catalogue, ranked, turn);
            var expected = new float[exact.Length];
            softmax.Expect(catalogue, ranked, expected);
            single.Add(expected);
            for (var i = 0; i < mean.Length; i++)
            {
                mean[i] += expected[i] / turns;
            }
        }

        Assert.All(single, expected => Assert.NotEqual(exact, expected));
        for (var i = 0; i < exact.Length; i++)
        {
            Assert.True(Math.Abs(mean[i] - exact[i]) <= 0.01 * (Math.Abs(exact[i]) + 0.05), $"{TasteFeatures.AllNames[i]}: {mean[i]} on average, {exact[i]} of all titles.");
        }
    }

    [Fact]
    public void Best_BehindARanking_AreTheBestOfAllTitles()
    {
        var node = Node();
        var exactly = Prepared(node, new Scratch());
        var ranked = new Scratch();
        RecommendationPipeline.Recommend(new() { Now = Now, Count = 20 }, node.TasteOf("user-3"), node.Catalogue, ranked);
        var softmax = new CatalogueSoftmax();
        var (all, sampled) = (new Candidate[RankerLearner.ListLength], new Candidate[RankerLearner.ListLength]);
        softmax.Score(node.Catalogue, exactly, turn: 0);
        Assert.Equal(all.Length, softmax.Best(all));
        softmax.Score(node.Catalogue, ranked, turn: 1);
        Assert.Equal(sampled.Length, softmax.Best(sampled));

        Assert.Equal(all.Select(candidate => candidate.Row).Order(), sampled.Select(candidate => candidate.Row).Order());
    }

    private static Scratch Prepared(InProcessNode node, Scratch scratch)
    {
        var taste = node.TasteOf("user-3");
        TasteScan.Run(taste, node.Catalogue, Now, scratch);
        scratch.Scores.AsSpan().Clear();
        CandidateFilter.RemoveNumbers(taste.Excluded, node.Catalogue, scratch.Scores);
        return scratch;
    }

    private static InProcessNode Node()
    {
        string[] genres = ["Western", "Romance", "Crime", "Comedy", "War"];
        var node = new InProcessNode(Enumerable.Range(0, Titles).Select(i => new TitleMetadata
        {
            TitleId = $"title-{i}",
            Name = $"{i:x4}",
            Genres = [genres[i % genres.Length]],
            ReleaseYear = 1960 + (i % 55),
        }));
        var random = new Random(3);
        for (var i = 0; i < 4_000; i++)
        {
            node.Apply(SmallWorld.Like($"user-{i % 40}", $"title-{(int)(Titles * Math.Pow(random.NextDouble(), 3))}", SmallWorld.Start + (i * 15_000L)));
        }

        return node;
    }
}
