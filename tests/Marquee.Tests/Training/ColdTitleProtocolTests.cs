using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Models;

namespace Marquee.Tests.Training;

public sealed class ColdTitleProtocolTests
{
    private static readonly EmbeddingOptions Embeddings = new() { Dimension = 8, Sweeps = 4 };

    [Fact]
    public void Run_WorldWhereGenreDecides_RanksUnseenTitlesByIt()
    {
        var result = ColdTitleProtocol.Run(Data(), Embeddings, new ColdTitleOptions { HiddenShare = 0.3 });

        // Half of the hidden titles are of the viewer's genre: an area of 0.5 is chance, of 0.75 all that genre can tell.
        Assert.True(result.AreaUnderCurve > 0.68, $"{result.AreaUnderCurve}");
    }

    [Fact]
    public void Run_Points_AskEveryQuestionOnce()
    {
        var result = ColdTitleProtocol.Run(Data(), Embeddings, new ColdTitleOptions { HiddenShare = 0.3 });

        Assert.Equal(ColdTitleProtocol.Points, result.Curve.Select(point => point.Events));
        Assert.Equal(result.Questions, result.Curve.Sum(point => point.Questions));
        Assert.All(result.Curve.Where(point => point.Events == 0), point => Assert.Equal(point.WithoutOwnEvents, point.AreaUnderCurve, 2));
    }

    private static InteractionDataSet Data()
    {
        var titles = SmallWorld.Titles().ToList();
        var indices = titles.Select((title, i) => (title.TitleId, i)).ToDictionary();
        var users = new List<string>();
        var interactions = new List<Interaction>();
        foreach (var engagement in SmallWorld.Events())
        {
            var user = users.IndexOf(engagement.UserId);
            if (user < 0)
            {
                user = users.Count;
                users.Add(engagement.UserId);
            }

            interactions.Add(new Interaction(user, indices[engagement.TitleId], engagement, true));
        }

        return new InteractionDataSet("small world", titles, users, [.. interactions]);
    }
}
