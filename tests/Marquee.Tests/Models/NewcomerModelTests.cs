using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Recommendations;
using Marquee.Engine.Titles;
using Marquee.Tests.Recommendations;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Models;

public sealed class NewcomerModelTests
{
    private const long Now = SmallWorld.Start + (24 * 3_600_000);

    [Fact]
    public void ShareOf_Events_FallsFromOneToNothing()
    {
        Assert.Equal(1, NewcomerModel.ShareOf(0));
        Assert.Equal(0.5f, NewcomerModel.ShareOf((long)NewcomerModel.Weight));
        Assert.True(NewcomerModel.ShareOf(1_000) < 0.01f);
    }

    [Theory]
    [InlineData(-5, 0, 0f)]
    [InlineData(0.5, 2, 0.5f)]
    [InlineData(100, 10, 1f)]
    public void PlaceOf_Age_LiesBetweenItsNeighbours(double age, int first, float second)
    {
        Assert.Equal(first, NewcomerModel.PlaceOf(age, out var share));
        Assert.Equal(second, share, 5);
    }

    [Fact]
    public void PromiseOf_Features_AddUp()
    {
        var titles = new TitleTable();
        var western = new TitleEntry(new CatalogueRow("t", new TitleMetadata { TitleId = "t", Name = "T", Genres = ["Western"] }, TitleSummary.Empty, TitleNeighbours.None), null, titles);
        int[] features = [.. ContentTower.FeaturesOf(western).Distinct()];
        var model = new NewcomerModel(features, [.. features.Select(_ => 0.5f), 3], new float[NewcomerModel.Count * TasteContext.Count]);

        Assert.Equal(3 + (0.5f * features.Length), model.PromiseOf(western), 4);
    }

    [Fact]
    public void Direct_Viewer_CountsTheDirectionByTheViewersLength()
    {
        var weights = new float[NewcomerModel.Count];
        (weights[NewcomerModel.Embedding], weights[NewcomerModel.Direction], weights[NewcomerModel.DirectionRecent]) = (1, 10, 4);

        NewcomerModel.Direct(weights, [3, 4], []);

        Assert.Equal((3f, 0f), (weights[NewcomerModel.Embedding], weights[NewcomerModel.EmbeddingRecent]));
    }

    /// <remarks>Models from before the directions have 19 features.</remarks>
    [Fact]
    public void Constructor_WeightsFromBeforeTheDirections_LeaveThemOut()
    {
        var weights = Enumerable.Range(1, 19 * TasteContext.Count).Select(static i => (float)i).ToArray();
        var model = new NewcomerModel([], [0], weights);

        Assert.Equal([.. weights, .. new float[2 * TasteContext.Count]], model.Weights);
        Assert.Throws<ArgumentException>(() => new NewcomerModel([], [0], weights[1..]));
        Assert.Equal(NewcomerModel.Direction, NewcomerModel.FirstAge + NewcomerModel.Ages.Length + 1);
    }

    [Fact]
    public void Recommend_TitleOfThePlantedGenre_ComesFirstBeforeItsFirstEvent()
    {
        var node = Node();
        var slate = RecommendationPipeline.Recommend(new() { Now = Now, Count = 500 }, node.TasteOf("user-0"), node.Catalogue, new Scratch());

        Assert.True(RankOf(slate, "new-Western") < RankOf(slate, "new-Romance"));
    }

    [Fact]
    public void Recommend_FirstEventsOfATitle_NeverLowerItsScore()
    {
        var node = Node();
        double before = double.NegativeInfinity;
        for (var events = 0; events < 12; events++)
        {
            var slate = RecommendationPipeline.Recommend(
                new() { Now = Now + (events * 60_000), Count = 500 }, node.TasteOf("user-0"), node.Catalogue, new Scratch());
            var score = slate.Items.Single(item => item.TitleId == "new-Western").Score;
            Assert.True(score > before, $"{score} after {events} events, {before} before");
            before = score;
            node.Apply(SmallWorld.Like($"user-{2 * (events + 1)}", "new-Western", Now + (events * 60_000)));
        }
    }

    private static int RankOf(RankedSlate slate, string titleId) => slate.Items.Select(item => item.TitleId).ToList().IndexOf(titleId);

    private static InProcessNode Node()
    {
        var node = new InProcessNode(
        [
            .. SmallWorld.Titles(),
            .. SmallWorld.Genres.Select(genre => new TitleMetadata { TitleId = $"new-{genre}", Name = "Premiere", ReleaseYear = 2014, Genres = [genre] }),
        ]);
        foreach (var engagement in SmallWorld.Events())
        {
            node.Apply(engagement);
        }

        return node;
    }
}
