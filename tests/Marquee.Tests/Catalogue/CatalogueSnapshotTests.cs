using Marquee.Engine.Catalogue;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;

namespace Marquee.Tests.Catalogue;

public sealed class CatalogueSnapshotTests
{
    [Fact]
    public void With_ChangedTitle_LeavesTheOldSnapshotAndSharesOtherBlocks()
    {
        var before = Catalogue(600);

        var after = before.With(before.Model, [Row("t0", "renamed")], [], 1, 2);

        Assert.Equal("t0", before.Find("t0")!.Metadata!.Name);
        Assert.Equal("renamed", after.Find("t0")!.Metadata!.Name);
        Assert.NotSame(before.Blocks[0], after.Blocks[0]);
        Assert.Same(before.Blocks[1], after.Blocks[1]);
        Assert.Equal(600, after.TitleCount);
    }

    [Fact]
    public void With_OnlyNeighboursChanged_SharesTheColumnsAndHasTheNeighbours()
    {
        var before = Catalogue(3);
        var entry = before.Find("t1")!;
        var neighbours = new TitleNeighbours([0], [2], [1]);

        var after = before.With(before.Model, [new CatalogueRow("t1", entry.Metadata, entry.Statistics, neighbours)], [], 1, 2);

        Assert.Same(neighbours, after.Find("t1")!.Neighbours);
        Assert.Same(TitleNeighbours.None, before.Find("t1")!.Neighbours);
        Assert.Same(before.Blocks[0].Columns, after.Blocks[0].Columns);
        Assert.NotSame(before.Blocks[0].Entries, after.Blocks[0].Entries);
    }

    [Fact]
    public void With_NeighboursAndThenEngagement_LeavesTheColumnsOfTheOldSnapshots()
    {
        var before = Catalogue(3);
        var entry = before.Find("t1")!;
        var old = before.Blocks[0].Columns.ToArray();
        var liked = entry.Statistics with { Positives = 80, Verdicts = 80 };

        var after = before.With(
            before.Model,
            [
                new CatalogueRow("t0", before.Find("t0")!.Metadata, before.Find("t0")!.Statistics, new TitleNeighbours([1], [2], [1])),
                new CatalogueRow("t1", entry.Metadata, liked, TitleNeighbours.None),
            ],
            [],
            1,
            2);

        Assert.Equal(old, before.Blocks[0].Columns);
        Assert.Equal(0.1f, after.Blocks[0].Column(CatalogueBlock.Rarity)[after.RowOf(entry.Number)], 1e-6f);
    }

    [Fact]
    public void With_RemovedTitle_IsGoneAndComesBackElsewhere()
    {
        var before = Catalogue(3);

        var without = before.With(before.Model, [], ["t1", "never there"], 1, 2);
        var again = without.With(before.Model, [Row("t1", "again")], [], 1, 3);

        Assert.Null(without.Find("t1"));
        Assert.Equal(2, without.TitleCount);
        Assert.Equal("again", again.Find("t1")!.Metadata!.Name);
        Assert.Equal(3, again.TitleCount);
    }

    [Fact]
    public void UnknownTitleCount_AsTitlesComeAndGo_IsThatOfTitlesWithoutMetadata()
    {
        var unknown = Row("t3", "x") with { Metadata = null };
        var some = Catalogue(3).With(PublishedModel.Untrained, [unknown, Row("t4", "x") with { Metadata = null }], [], 1, 2);
        Assert.Equal(2, some.UnknownTitleCount);
        Assert.Equal(2, some.With(some.Model, [unknown], [], 1, 3).UnknownTitleCount);
        Assert.Equal(1, some.With(some.Model, [Row("t3", "known now")], [], 1, 3).UnknownTitleCount);
        Assert.Equal(1, some.With(some.Model, [], ["t4", "t1"], 1, 3).UnknownTitleCount);
    }

    [Fact]
    public void Genres_MetadataChanges_ListsTheRowsAsTheyAreNow()
    {
        static CatalogueRow Of(string titleId, params string[] genres) =>
            Row(titleId, titleId) with { Metadata = new TitleMetadata { TitleId = titleId, Name = titleId, Genres = genres } };

        var before = CatalogueSnapshot.Empty(new TitleTable()).With(
            PublishedModel.Untrained, [Of("a", "Western"), Of("b", "western", "Western", "Drama"), Of("c", "Drama")], [], 1, 1);
        Assert.Equal(Rows(before, "a", "b"), before.Genres.RowsOf("WESTERN").ToArray());
        Assert.Empty(before.Genres.RowsOf("Musical").ToArray());

        var after = before.With(before.Model, [Of("a", "Musical")], ["c"], 1, 2);
        Assert.Equal(Rows(after, "b"), after.Genres.RowsOf("Western").ToArray());
        Assert.Equal(Rows(after, "b"), after.Genres.RowsOf("Drama").ToArray());
        Assert.Equal(Rows(after, "a"), after.Genres.RowsOf("Musical").ToArray());
        Assert.Equal(Rows(before, "a", "b"), before.Genres.RowsOf("Western").ToArray());

        static int[] Rows(CatalogueSnapshot snapshot, params string[] titleIds) =>
            [.. titleIds.Select(titleId => snapshot.RowOf(snapshot.Find(titleId)!.Number)).Order()];
    }

    [Fact]
    public void With_EarlierStreamTime_TimeDoesNotRunBack()
    {
        var snapshot = Catalogue(1).With(PublishedModel.Untrained, [], [], 1000, 2).With(PublishedModel.Untrained, [], [], 10, 3);

        Assert.Equal(1000, snapshot.StreamTime);
    }

    [Fact]
    public void With_NewModel_EmbedsKnownTitlesAndPredictsOthers()
    {
        var titles = new TitleTable();
        var western = ContentFeatures.Bucket("genre", "Western");
        var model = PublishedModel.Untrained with
        {
            Embeddings = new EmbeddingModel(8, ["t0"], [1, 2, 3, 4, 5, 6, 7, 8], 0.1f, 0.1f),
            Content = new ContentTower(8, [western], [.. Enumerable.Repeat(0.5f, 8), .. Enumerable.Repeat(0.25f, 8)]),
        };

        var snapshot = CatalogueSnapshot.Empty(titles).With(PublishedModel.Untrained, [Row("t0", "a"), Row("t1", "b")], [], 1, 1).With(model, [], [], 1, 2);

        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], EmbeddingOf(0));
        Assert.All(EmbeddingOf(1), value => Assert.Equal(0.75f, value));

        IEnumerable<float> EmbeddingOf(int row) => Enumerable.Range(0, 8).Select(i => snapshot.Blocks[0].Embeddings[row, i]);
    }

    [Fact]
    public void With_ManyNewTitlesUnderAModel_CopiesTheEmbeddingsOfABlockOnceAndLeavesTheOldOnes()
    {
        const int Dimension = 64;
        const int Added = 200;
        var model = PublishedModel.Untrained with
        {
            Embeddings = new EmbeddingModel(Dimension, ["t0"], [.. Enumerable.Repeat(1f, Dimension)], 0.1f, 0.1f),
            Content = new ContentTower(Dimension, [ContentFeatures.Bucket("genre", "Western")], [.. Enumerable.Repeat(0.5f, Dimension), .. Enumerable.Repeat(0.25f, Dimension)]),
        };
        CatalogueRow[] added = [.. Enumerable.Range(10, Added).Select(i => Row($"t{i}", $"t{i}"))];
        var before = Catalogue(10).With(model, [], [], 1, 2);
        _ = before.With(model, added, [], 1, 3);

        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var after = before.With(model, added, [], 1, 3);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;

        Assert.All(Enumerable.Range(10, Added), row => Assert.Equal((0, 0.75f), (before.Blocks[0].Embeddings[row, 5], after.Blocks[0].Embeddings[row, 5])));
        Assert.Equal(1, after.Blocks[0].Embeddings[0, 5]);

        // A copy for each title would be 33 KB times as many.
        Assert.InRange(allocated, 1, Added * 4_000);
    }

    private static CatalogueSnapshot Catalogue(int titles) =>
        CatalogueSnapshot.Empty(new TitleTable()).With(
            PublishedModel.Untrained, [.. Enumerable.Range(0, titles).Select(i => Row($"t{i}", $"t{i}"))], [], 1, 1);

    private static CatalogueRow Row(string id, string name) =>
        new(id, new TitleMetadata { TitleId = id, Name = name, Genres = ["Western"] }, TitleSummary.Empty, TitleNeighbours.None);
}
