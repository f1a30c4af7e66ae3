using Marquee.Engine.Events;
using Marquee.Tests.Client.Import;
using Marquee.Training.Data;

namespace Marquee.Tests.Training;

public sealed class MovieLensReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0;5;3.5", RatingScale.FiveStar)]
    [InlineData("0;4;5;7;9;10", RatingScale.TenPoint)]
    public void Read_Ratings_BecomeTheEventsThatAnImportSends(string ratings, RatingScale scale)
    {
        var lines = ratings.Split(';').Select((rating, second) => $"7,m1,{rating},{second}");
        Write("userId,movieId,rating,timestamp\n" + string.Join('\n', lines));

        var events = MovieLensReader.Read(_folder.Path).Interactions.Select(interaction => new RatingEvent(interaction.Event.Type, interaction.Event.Value));

        Assert.Equal(ratings.Split(';').Select(rating => RatingMapping.Map(double.Parse(rating, null), scale)), events);
    }

    [Fact]
    public void Read_QuotesWithin_AreTakenAsText()
    {
        Write("userId,movieId,rating,timestamp\n7,m1,4,1");

        var title = Assert.Single(MovieLensReader.Read(_folder.Path).Titles);

        Assert.Equal(("American \"President\", The", 1995), (title.Name, title.ReleaseYear));
        Assert.Equal(["Comedy", "Drama"], title.Genres);
    }

    [Theory]
    [InlineData("7,m1,11,1")]
    [InlineData("7,m1,-1,1")]
    [InlineData("7,m1,NaN,1")]
    [InlineData("7,m1,five,1")]
    [InlineData("7,m1,5,yesterday")]
    [InlineData("7,m1,5")]
    [InlineData("7,\"m1,5,1")]
    public void Read_BadRating_NamesFileAndLine(string line)
    {
        Write("userId,movieId,rating,timestamp\n7,m1,4,1\n\n" + line);

        Assert.Contains("ratings.csv, line 4: ", Assert.Throws<FormatException>(() => MovieLensReader.Read(_folder.Path)).Message, StringComparison.Ordinal);
    }

    private void Write(string ratings)
    {
        _folder.Write("movies.csv", "movieId,title,genres\nm1,\"American \"\"President\"\", The (1995)\",Comedy|Drama");
        _folder.Write("ratings.csv", ratings);
    }
}
