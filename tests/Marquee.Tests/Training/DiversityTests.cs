using Marquee.Engine.Catalogue;
using Marquee.Engine.Recommendations;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Training;

public sealed class DiversityTests
{
    private static readonly CatalogueSnapshot Catalogue = new InProcessNode(
    [
        Title("a", "Drama", "War"), Title("b", "Drama"), Title("c", "War", "drama", "Crime"), Title("none"),
        .. Enumerable.Range(0, 6).Select(i => Title($"same-{i}", "Horror") with { People = ["the same"], Tags = ["alike"] }),
    ]).Catalogue;

    [Fact]
    public void IntraListDiversity_ThreeTitles_IsOneLessTheMeanJaccardIndex()
    {
        var diversity = new ListDiversity();
        diversity.Add(Rows("a", "b", "c"), Catalogue);

        // {Drama, War} and {Drama}: 1/2; {Drama, War} and {War, Drama, Crime}: 2/3; {Drama} and {War, Drama, Crime}: 1/3.
        Assert.Equal(1 - ((1 / 2.0) + (2 / 3.0) + (1 / 3.0)) / 3, diversity.IntraListDiversity, 12);
    }

    [Fact]
    public void IntraListDiversity_TitleWithoutGenres_IsLikeNoOther()
    {
        var diversity = new ListDiversity();
        diversity.Add(Rows("b", "none"), Catalogue);

        Assert.Equal(1, diversity.IntraListDiversity);
    }

    [Fact]
    public void Add_SeveralLists_GivesTheMeanOverListsWithPairsAndCountsTitlesOnce()
    {
        var diversity = new ListDiversity();
        diversity.Add(Rows("a", "b"), Catalogue);
        diversity.Add(Rows("b", "none"), Catalogue);
        diversity.Add(Rows("b"), Catalogue);
        diversity.Add([], Catalogue);

        Assert.Equal((0.5 + 1) / 2, diversity.IntraListDiversity, 12);
        Assert.Equal(3, diversity.TitlesShown);
    }

    [Theory]
    [InlineData(4, 0)]
    [InlineData(5, 1)]
    public void CrowdedShare_NearIdenticalTitles_BeginsAtFive(int same, double share)
    {
        var diversity = new ListDiversity();
        diversity.Add(Rows([.. Enumerable.Range(0, same).Select(i => $"same-{i}"), "a", "b"]), Catalogue);

        Assert.Equal(share, diversity.CrowdedShare);
    }

    [Fact]
    public void Result_TwoUsers_IsTheShareOfTheNdcgThatReRankingTakes()
    {
        var comparison = new DiversityComparison(0);
        comparison.Add(0, "a", Slate("b", "c", "a"), Slate("a", "b", "c"), Catalogue);
        comparison.Add(1, "b", Slate("b", "c"), Slate("b", "a"), Catalogue);

        var result = comparison.Result()!;

        Assert.Equal(2, result.Lists);
        Assert.Equal(0.75, result.With.Ndcg10, 12);
        Assert.Equal(1, result.Without.Ndcg10, 12);
        Assert.Equal(0.25, result.NdcgCost, 12);
        Assert.Equal((0, 0.5), result.NdcgCostInterval);
        Assert.Equal(3 / 10.0, result.With.Coverage, 12);
    }

    [Fact]
    public void Run_Engine_ComparesEveryListOfTheTestAndRanksAsWithout()
    {
        var data = Data();
        var options = new PrequentialOptions();
        var comparison = new DiversityComparison(options.TestFrom(data.Interactions.Length));
        var engine = new EngineModelOptions { WarmUpEvents = 50, Embeddings = null };

        var compared = PrequentialProtocol.Run(data, new EngineModel(data.Titles, engine with { Diversity = comparison }), options);
        var plain = PrequentialProtocol.Run(data, new EngineModel(data.Titles, engine), options);

        var result = comparison.Result()!;
        Assert.Equal(compared.Test.Count, result.Lists);
        Assert.Equal(compared.Test.Ndcg10, result.With.Ndcg10, 12);
        Assert.Equal(plain.Test.Ndcg10, compared.Test.Ndcg10, 12);
        Assert.True(result.Without.CrowdedShare > result.With.CrowdedShare, $"{result.Without.CrowdedShare} and {result.With.CrowdedShare}");
    }

    /// <summary>The small world, whose titles of one genre all have the same people, so that diversity has something to do.</summary>
    private static InteractionDataSet Data()
    {
        TitleMetadata[] titles = [.. SmallWorld.Titles().Select((title, i) => title with { Tags = [$"{title.Genres[0]}-{i % 5}", "x", "y"] })];
        var events = SmallWorld.Events().ToArray();
        string[] users = [.. events.Select(engagement => engagement.UserId).Distinct()];
        return new InteractionDataSet("small world", titles, users, [.. events.Select(engagement => new Interaction(
            Array.IndexOf(users, engagement.UserId), Array.FindIndex(titles, title => title.TitleId == engagement.TitleId), engagement, true))]);
    }

    private static TitleMetadata Title(string id, params string[] genres) => new() { TitleId = id, Name = id, Genres = genres };

    private static int[] Rows(params string[] titles) => [.. titles.Select(title => Catalogue.RowOf(Catalogue.Titles.NumberOf(title)))];

    private static RankedSlate Slate(params string[] titles) => new(
        Surfaces.TopPicks, "m", RankedSlate.Personal, [.. titles.Select(title => new RankedTitle(Catalogue.Titles.NumberOf(title), title, 0, ""))]);
}
