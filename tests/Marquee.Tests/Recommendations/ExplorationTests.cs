using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Recommendations;

public sealed class ExplorationTests
{
    private const long Now = SmallWorld.Start + (24 * 3_600_000);
    private const int NewTitles = 20;

    [Fact]
    public void Recommend_ManySeeds_EachTitleIsExploredAsOftenAsItsPropensitySays()
    {
        const int Slates = 6_000;
        var node = Node();
        var scratch = new Scratch();
        var times = new Dictionary<string, int>();
        var propensities = new Dictionary<string, double>();
        for (var seed = 0UL; seed < Slates; seed++)
        {
            foreach (var item in Slate(node, seed, 0.12, scratch).Items)
            {
                if (item.Origin == RankedTitle.Explored)
                {
                    times[item.TitleId] = times.GetValueOrDefault(item.TitleId) + 1;
                    Assert.Equal(propensities.GetValueOrDefault(item.TitleId, item.Propensity!.Value), item.Propensity!.Value, 12);
                    propensities[item.TitleId] = item.Propensity.Value;
                }
            }
        }

        Assert.Equal(NewTitles, times.Count);
        Assert.Equal(0.12 * 20, propensities.Values.Sum(), 9);
        foreach (var (title, propensity) in propensities)
        {
            var deviation = Math.Sqrt(propensity * (1 - propensity) / Slates);
            Assert.InRange((double)times[title] / Slates, propensity - (5 * deviation), propensity + (5 * deviation));
        }
    }

    [Fact]
    public void Recommend_Exploring_LeavesTheFirstTitlesAndTheOrderOfTheOthers()
    {
        var node = Node();
        var ranked = RecommendationPipeline.Recommend(Request(), node.TasteOf("user-0"), node.Catalogue, new Scratch()).Items;
        for (var seed = 0UL; seed < 50; seed++)
        {
            var slate = Slate(node, seed, 0.2, new Scratch()).Items;
            string[] kept = [.. slate.Where(item => item.Origin == "ranked").Select(item => item.TitleId)];

            Assert.Equal(ranked.Count, slate.Count);
            Assert.Equal(ranked.Take(3).Select(item => item.TitleId), slate.Take(3).Select(item => item.TitleId));
            Assert.Equal(ranked.Take(kept.Length).Select(item => item.TitleId), kept);
            Assert.Equal(4, slate.Count(item => item.Origin == RankedTitle.Explored));
            Assert.All(slate, item => Assert.Equal(item.Origin == RankedTitle.Explored, item.Propensity is not null));
        }
    }

    [Fact]
    public void Recommend_SameSeed_IsTheSameSlate()
    {
        var node = Node();

        Assert.Equal(
            Slate(node, 7, 0.2, new Scratch()).Items.Select(item => (item.TitleId, item.Propensity)),
            Slate(node, 7, 0.2, new Scratch()).Items.Select(item => (item.TitleId, item.Propensity)));
    }

    [Fact]
    public void Recommend_NotAskedTo_ExploresNothing()
    {
        var node = Node();
        foreach (var request in (RecommendationRequest[])[Request(), Request() with { Exploration = new Exploration(0, 1) }, Request() with { Surface = "genre:Western", Exploration = new Exploration(0.2, 1) }])
        {
            var slate = RecommendationPipeline.Recommend(request, node.TasteOf("user-0"), node.Catalogue, new Scratch());

            Assert.All(slate.Items, item => Assert.Equal("ranked", item.Origin));
        }
    }

    [Fact]
    public void Recommend_ExploredTitle_ScoreIsStillTheSumOfItsParts()
    {
        var node = Node();
        var request = Request() with { Explain = true, Exploration = new Exploration(0.2, 3) };

        var slate = RecommendationPipeline.Recommend(request, node.TasteOf("user-0"), node.Catalogue, new Scratch());

        foreach (var item in slate.Items.Where(item => item.Origin == RankedTitle.Explored))
        {
            double sum = 0;
            foreach (var part in item.Parts)
            {
                sum += part.Value;
            }

            Assert.Equal(sum, item.Score);
            Assert.Contains(item.Parts, part => part.Name == "newcomer");
        }
    }

    private static RecommendationRequest Request() => new() { Now = Now, Count = 20 };

    private static RankedSlate Slate(InProcessNode node, ulong seed, double share, Scratch scratch) =>
        RecommendationPipeline.Recommend(Request() with { Exploration = new Exploration(share, seed) }, node.TasteOf("user-0"), node.Catalogue, scratch);

    /// <summary>The small world, every title of it well known, and some that nobody has seen.</summary>
    private static InProcessNode Node()
    {
        var node = new InProcessNode(
        [
            .. SmallWorld.Titles(),
            .. Enumerable.Range(0, NewTitles).Select(i => new TitleMetadata { TitleId = $"new-{i}", Name = $"New {i}", ReleaseYear = 1950 + i, Genres = [SmallWorld.Genres[i % 2]] }),
        ]);
        foreach (var engagement in SmallWorld.Events(users: 240))
        {
            node.Apply(engagement);
        }

        Assert.All(SmallWorld.Titles(), title => Assert.True(node.Catalogue.Find(title.TitleId)!.Statistics.Positives > 16));
        return node;
    }
}
