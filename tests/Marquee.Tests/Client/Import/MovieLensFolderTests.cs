using Marquee.Cli;
using Marquee.Cli.Import;
using Marquee.Client.Events;

namespace Marquee.Tests.Client.Import;

public sealed class MovieLensFolderTests : IDisposable
{
    private const string Movies = "movieId,title,genres\r\n1,Toy Story (1995),Adventure|Animation\r\n11,\"American President, The (1995)\",(no genres listed)\r\n";
    private const string Ratings = "userId,movieId,rating,timestamp\n7,1,4.5,300\n7,11,3.0,100\n8,1,0.5,200\n";

    private readonly TemporaryFolder _folder = new();
    private readonly LineFaults _faults = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_MovieLens_TitlesFirstThenEventsInTimeOrder()
    {
        _folder.Write("movies.csv", Movies);
        _folder.Write("ratings.csv", Ratings);
        _folder.Write("tags.csv", "userId,movieId,tag,timestamp\n7,1,Pixar,1\n8,1,funny,2\n9,1,pixar,3\n");

        var items = await ReadAsync();

        Assert.Equal(["1", "11", null, null, null], items.Select(item => item.Title?.TitleId));
        var (toyStory, president) = (items[0].Title!, items[1].Title!);
        Assert.Equal(("Toy Story", 1995), (toyStory.Name, toyStory.ReleaseYear));
        Assert.Equal(["Adventure", "Animation"], toyStory.Genres!);
        Assert.Equal(["pixar", "funny"], toyStory.Tags!);
        Assert.Equal(("The American President", 1995, null, null), (president.Name, president.ReleaseYear, president.Genres, president.Tags));
        Assert.Equal(["rating-7-11-100", "rating-8-1-200", "rating-7-1-300"], items[2..].Select(item => item.Event!.EventId));
        Assert.Equal([3.0, 0.5, 4.5], items[2..].Select(item => item.Event!.Value));
        Assert.All(items[2..], item => Assert.Equal(EngagementType.Rate, item.Event!.Type));
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(100), items[2].Event!.OccurredAt);
        Assert.Equal(new Place("ratings.csv", 3), items[2].Place);
        Assert.Equal(0, _faults.SkippedLines);
    }

    [Fact]
    public async Task Read_MovieTweetings_TenPointsAndPackedTabs()
    {
        _folder.Write("movies.tsv.gz", "imdb_id\ttitle\tyear\tgenres\n628\tThe \"Adventures\" of Dollie\t1908\tAction|Short\n9\tNo Year\t\t\n");
        _folder.Write("ratings.tsv.gz", "user\timdb_id\trating_0_10\tunix_time\n5\t628\t10\t1\n5\t9\t8\t2\n5\t9\t5\t3\n5\t9\t0\t4\n");

        var items = await ReadAsync();

        Assert.Equal(("The \"Adventures\" of Dollie", 1908), (items[0].Title!.Name, items[0].Title!.ReleaseYear));
        Assert.Equal((null, null), (items[1].Title!.ReleaseYear, items[1].Title!.Genres));
        Assert.Equal([EngagementType.Like, EngagementType.Complete, EngagementType.Rate, EngagementType.Rate], items[2..].Select(item => item.Event!.Type));
        Assert.Equal([null, null, 2.5, 0.5], items[2..].Select(item => item.Event!.Value));
    }

    [Fact]
    public async Task Read_ScaleGiven_IsNotGuessed()
    {
        _folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,1,4,1\n");

        var items = await ReadAsync(new ImportSelection(false, true), "10");

        Assert.Equal((EngagementType.Rate, 2.0), (items.Single().Event!.Type, items.Single().Event!.Value));
    }

    [Fact]
    public async Task Read_ByteOrderMark_IsNotPartOfTheHeader()
    {
        _folder.Write("ratings.csv", "\uFEFF" + Ratings);

        Assert.Equal(3, (await ReadAsync(new ImportSelection(false, true))).Count);
    }

    [Fact]
    public async Task Read_BadLines_AreToldByNumberAndLeftOut()
    {
        _folder.Write("movies.csv", "movieId,title,genres\n1,\"Stray (1995),Drama\n2,Fine (1996),Drama\n,No Id (1997),Drama\n3,too,many,fields\n");
        _folder.Write("ratings.csv", "userId,movieId,rating,timestamp\n1,2,good,1\n1,2,4,yesterday\n\n1,2,11,1\n1,2,4,-5\n1,2,NaN,1\n,2,4,1\n1,2,4,1\n");

        var items = await ReadAsync();

        Assert.Equal("2", items[0].Title!.TitleId);
        Assert.Equal("rating-1-2-1", Assert.Single(items[1..]).Event!.EventId);
        Assert.Equal(9, _faults.SkippedLines);
        Assert.Equal(
            ["movies.csv:2", "movies.csv:4", "movies.csv:5", "ratings.csv:2", "ratings.csv:3", "ratings.csv:5", "ratings.csv:6", "ratings.csv:7", "ratings.csv:8"],
            _faults.Kept().Select(fault => $"{fault.File}:{fault.Line}"));
        Assert.Contains("'good' is not a number from 0 to 10", _faults.Kept()[3].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_FromAndTo_KeepOnlyThatTime()
    {
        _folder.Write("ratings.csv", Ratings);
        var selection = new ImportSelection(false, true, DateTimeOffset.FromUnixTimeSeconds(200), DateTimeOffset.FromUnixTimeSeconds(300));

        Assert.Equal("rating-8-1-200", Assert.Single(await ReadAsync(selection)).Event!.EventId);
    }

    [Fact]
    public async Task Read_FileMissing_SaysWhichAndWhatToDo()
    {
        _folder.Write("movies.csv", Movies);

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync());

        Assert.Contains("no ratings.csv", failure.Message, StringComparison.Ordinal);
        Assert.Contains("--what titles", failure.NextStep, StringComparison.Ordinal);
        Assert.Equal(2, (await ReadAsync(new ImportSelection(true, false))).Count);
    }

    [Theory]
    [InlineData("userId,movieId,stars,timestamp\n", "no column rating or rating_0_10; its columns are: userId, movieId, stars, timestamp")]
    [InlineData("", "the file is empty")]
    public async Task Read_HeaderNotAsExpected_SaysWhatIsThere(string content, string expected)
    {
        _folder.Write("ratings.csv", content);

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => ReadAsync(new ImportSelection(false, true)));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Read_Totals_AreKnownBeforeTheFirstEvent()
    {
        _folder.Write("ratings.csv", Ratings);
        var source = new MovieLensFolder(_folder.Path, "auto");

        await foreach (var _ in source.ReadAsync(new ImportSelection(false, true), _faults, TestContext.Current.CancellationToken))
        {
            Assert.Equal((3, DateTimeOffset.FromUnixTimeSeconds(300)), (source.EventTotal, source.LastEventTime));
        }
    }

    private async Task<List<ImportItem>> ReadAsync(ImportSelection? selection = null, string scale = "auto") =>
        await new MovieLensFolder(_folder.Path, scale).ReadAsync(selection ?? new ImportSelection(true, true), _faults, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
}
