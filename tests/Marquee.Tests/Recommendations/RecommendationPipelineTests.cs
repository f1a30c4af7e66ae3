using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Tests.Training;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Recommendations;

public sealed class RecommendationPipelineTests
{
    private const long Now = SmallWorld.Start + (24 * 3_600_000);

    [Fact]
    public void Recommend_ViewerOfOneWorld_GetsThatWorldFirst()
    {
        var node = SmallWorld.Node();
        node.Apply(SmallWorld.Like("new", "Western-1", Now - 2));
        node.Apply(SmallWorld.Like("new", "Western-2", Now - 1));

        var slate = RecommendationPipeline.Recommend(Request(10), node.TasteOf("new"), node.Catalogue, new Scratch());

        Assert.Equal(10, slate.Items.Count);
        Assert.All(slate.Items, item => Assert.StartsWith("Western", item.TitleId, StringComparison.Ordinal));
        Assert.Equal(RankedSlate.Personal, slate.Source);
        Assert.Contains(slate.Items, item => item.BecauseTitleId is "Western-1" or "Western-2");
    }

    [Fact]
    public void Recommend_NoTitlesAtAll_IsAnEmptySlate()
    {
        var node = new InProcessNode([]);
        node.Apply(SmallWorld.Like("new", "Western-1", Now));
        foreach (var surface in (string[])[Surfaces.TopPicks, Surfaces.Trending, Surfaces.BecauseYouWatched, Surfaces.ContinueWatching, Surfaces.MyList, "genre:Western"])
        {
            Assert.Empty(RecommendationPipeline.Recommend(Request(20) with { Surface = surface }, node.TasteOf("new"), node.Catalogue, new Scratch()).Items);
        }
    }

    [Fact]
    public void Recommend_Explained_ScoreIsExactlyTheSumOfTheParts()
    {
        var node = SmallWorld.Node();
        var additive = node.Model.Ranker;
        var ranker = new AdditiveRanker(additive.Features, additive.Contexts, additive.CandidateWeights, additive.RankingWeights) { Interplay = RankerLearnerTests.Network() };
        node.Model = node.Model with { Ranker = ranker };
        foreach (var surface in (string[])[Surfaces.TopPicks, Surfaces.Trending, Surfaces.BecauseYouWatched, "genre:Western"])
        {
            var slate = RecommendationPipeline.Recommend(Request(20) with { Surface = surface, Explain = true }, node.TasteOf("user-0"), node.Catalogue, new Scratch());

            Assert.NotEmpty(slate.Items);
            foreach (var item in slate.Items)
            {
                double sum = 0;
                foreach (var part in item.Parts)
                {
                    sum += part.Value;
                }

                Assert.Equal(sum, item.Score);
            }
        }
    }

    [Fact]
    public void Recommend_OneEvent_IsPersonalAtOnce()
    {
        var node = SmallWorld.Node();
        var before = RecommendationPipeline.Recommend(Request(10), node.TasteOf("new"), node.Catalogue, new Scratch());
        Assert.Equal(RankedSlate.Popular, before.Source);
        Assert.Contains(before.Items, item => item.TitleId.StartsWith("Romance", StringComparison.Ordinal));

        node.Apply(SmallWorld.Like("new", "Western-1", Now - 1));

        var after = RecommendationPipeline.Recommend(Request(10), node.TasteOf("new"), node.Catalogue, new Scratch());
        Assert.Equal(RankedSlate.Personal, after.Source);
        Assert.All(after.Items, item => Assert.StartsWith("Western", item.TitleId, StringComparison.Ordinal));
    }

    [Fact]
    public void Recommend_NoHistory_FollowsPopularity()
    {
        var node = SmallWorld.Node();
        for (var i = 0; i < 30; i++)
        {
            node.Apply(SmallWorld.Like($"crowd-{i}", "Romance-7", Now - 1000 + i));
        }

        var slate = RecommendationPipeline.Recommend(Request(5), UserTaste.Empty, node.Catalogue, new Scratch());

        Assert.Equal("Romance-7", slate.Items[0].TitleId);
        Assert.Equal(RankedSlate.Popular, slate.Source);
    }

    [Theory]
    [InlineData(EngagementType.Complete)]
    [InlineData(EngagementType.Dislike)]
    [InlineData(EngagementType.Hide)]
    public void Recommend_AfterEvent_TitleIsGone(EngagementType type)
    {
        var node = SmallWorld.Node();
        var scratch = new Scratch();
        var first = RecommendationPipeline.Recommend(Request(1), node.TasteOf("user-0"), node.Catalogue, scratch).Items[0].TitleId;

        node.Apply(SmallWorld.Event("user-0", first, Now, type));

        var all = RecommendationPipeline.Recommend(Request(500), node.TasteOf("user-0"), node.Catalogue, scratch);
        Assert.DoesNotContain(all.Items, item => item.TitleId == first);
        Assert.NotEmpty(all.Items);
    }

    [Fact]
    public void Recommend_StubAndUnavailableTitles_AreNotShown()
    {
        var node = SmallWorld.Node();
        node.Apply(SmallWorld.Like("someone", "unheard-of", Now));
        var closed = new TitleMetadata { TitleId = "closed", Name = "Closed", Genres = ["Western"], Availability = [new AvailabilityWindow("SE", null, Now)] };
        var open = closed with { TitleId = "open", Availability = [new AvailabilityWindow("SE", Now - 1, null)] };
        var catalogue = node.Catalogue.With(
            node.Model,
            [new CatalogueRow("closed", closed, new(), TitleNeighbours.None), new CatalogueRow("open", open, new(), TitleNeighbours.None)],
            [],
            Now,
            99);

        string[] shown = [.. RecommendationPipeline.Recommend(Request(500) with { Country = "SE" }, UserTaste.Empty, catalogue, new Scratch()).Items.Select(item => item.TitleId)];
        string[] elsewhere = [.. RecommendationPipeline.Recommend(Request(500) with { Country = "FR" }, UserTaste.Empty, catalogue, new Scratch()).Items.Select(item => item.TitleId)];

        Assert.DoesNotContain("unheard-of", shown);
        Assert.DoesNotContain("closed", shown);
        Assert.Contains("open", shown);
        Assert.DoesNotContain("open", elsewhere);
    }

    [Fact]
    public void Recommend_TwiceWithOneScratch_NothingOfTheFirstViewerIsLeft()
    {
        var node = SmallWorld.Node();
        var shared = new Scratch();
        _ = RecommendationPipeline.Recommend(Request(20), node.TasteOf("user-0"), node.Catalogue, shared);

        var reused = RecommendationPipeline.Recommend(Request(20), node.TasteOf("user-1"), node.Catalogue, shared);
        var fresh = RecommendationPipeline.Recommend(Request(20), node.TasteOf("user-1"), node.Catalogue, new Scratch());

        Assert.Equal(fresh.Items.Select(item => (item.TitleId, item.Score)), reused.Items.Select(item => (item.TitleId, item.Score)));
    }

    [Fact]
    public void Similar_Title_AnswersWithItsWorldAndWithoutItself()
    {
        var node = SmallWorld.Node();

        var slate = RecommendationPipeline.Similar("Romance-3", Request(10), node.Catalogue, new Scratch());

        Assert.DoesNotContain(slate.Items, item => item.TitleId == "Romance-3");
        Assert.All(slate.Items, item => Assert.StartsWith("Romance", item.TitleId, StringComparison.Ordinal));
    }

    [Fact]
    public void ContinueWatching_PlayedAndFinished_ComesAndGoes()
    {
        var node = SmallWorld.Node();
        var play = SmallWorld.Event("user-0", "Western-29", Now, EngagementType.Progress) with { PositionSeconds = 30, DurationSeconds = 100 };
        node.Apply(play);
        var begun = RecommendationPipeline.Recommend(Request(5) with { Surface = Surfaces.ContinueWatching }, node.TasteOf("user-0"), node.Catalogue, new Scratch());
        node.Apply(play with { EventId = "end", Type = EngagementType.Complete });
        var finished = RecommendationPipeline.Recommend(Request(5) with { Surface = Surfaces.ContinueWatching }, node.TasteOf("user-0"), node.Catalogue, new Scratch());

        Assert.Equal(0.3, Assert.Single(begun.Items).WatchedShare);
        Assert.Empty(finished.Items);
    }

    [Fact]
    public void WatchNext_AfterAnEpisode_IsTheFollowingOne()
    {
        var node = SmallWorld.Node();
        var rows = Enumerable.Range(1, 3).Select(episode => new CatalogueRow(
            $"e{episode}",
            new TitleMetadata { TitleId = $"e{episode}", Name = $"Episode {episode}", Kind = TitleKind.Episode, SeriesId = "series", Season = 1, Episode = episode },
            new(),
            TitleNeighbours.None)).ToArray();
        var catalogue = node.Catalogue.With(node.Model, rows, [], Now, 99);
        node.ApplyToUser(SmallWorld.Event("viewer", "e1", Now, EngagementType.Complete));

        var slate = RecommendationPipeline.Recommend(Request(5) with { Surface = Surfaces.WatchNext }, node.TasteOf("viewer"), catalogue, new Scratch());

        Assert.Equal("e2", Assert.Single(slate.Items).TitleId);
    }

    [Fact]
    public void Compose_Home_NoTitleTwiceAndNoEmptyRow()
    {
        var node = SmallWorld.Node();

        List<HomeRow> rows = [];
        HomePage.Compose(Request(8), node.TasteOf("user-0"), node.Catalogue, new Scratch(), rows.Add);

        string[] shown = [.. rows.SelectMany(row => row.Slate.Items).Select(item => item.TitleId)];
        Assert.Equal(shown.Length, shown.Distinct().Count());
        Assert.All(rows, row => Assert.NotEmpty(row.Slate.Items));
        Assert.Contains(rows, row => row.Slate.Surface == Surfaces.TopPicks);
        Assert.Contains(rows, row => row.Slate.Surface == Surfaces.BecauseYouWatched);
    }

    /// <summary>Rows share what is gathered of the viewer and room for their titles; nothing of it shows.</summary>
    [Fact]
    public void Compose_Home_EachRowIsWhatItsSurfaceGivesByItself()
    {
        var node = SmallWorld.Node();
        node.ApplyToUser(SmallWorld.Event("user-0", "Western-3", Now - 1, EngagementType.AddToList));
        var (request, taste, catalogue) = (Request(5) with { Explain = true, Exploration = new Exploration(0.2, 7) }, node.TasteOf("user-0"), node.Catalogue);
        var (scratch, shown, surfaces) = (new Scratch(), new HashSet<int>(), new List<string>());

        for (var times = 0; times < 2; times++)
        {
            shown.Clear();
            HomePage.Compose(request, taste, catalogue, scratch, row =>
            {
                var alone = RecommendationPipeline.Recommend(
                    request with { Surface = row.Slate.Surface, AnchorTitleId = row.Slate.Anchor, AlsoExcluded = shown }, taste, catalogue, new Scratch());
                Assert.Equal(alone.Items.Select(Text), row.Slate.Items.Select(Text));
                shown.UnionWith(alone.Items.Select(static item => item.Number));
                surfaces.Add(row.Slate.Surface);
                scratch.Recycle(row.Slate);
            });
        }

        Assert.Subset(surfaces.ToHashSet(), new HashSet<string> { Surfaces.TopPicks, Surfaces.BecauseYouWatched, Surfaces.Trending, Surfaces.GenrePrefix + "Western" });

        static string Text(RankedTitle item) => $"{item.TitleId} {item.Score} {item.Reason} {item.Origin} {string.Join(' ', item.Parts)}";
    }

    private static RecommendationRequest Request(int count) => new() { Now = Now, Count = count };
}
