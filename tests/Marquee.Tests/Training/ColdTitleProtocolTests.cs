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

    [Fact]
    public void Run_ByViewer_AsksEveryoneOnceOverPoolsThatShrink()
    {
        var result = ColdTitleProtocol.Run(Data(), Embeddings, new ColdTitleOptions { HiddenShare = 0.3 });

        var models = result.ByViewer.GroupBy(point => point.Model).ToDictionary(group => group.Key, group => group.ToArray());
        Assert.Equal(["Marquee", "LightFM", "popularity by metadata"], models.Keys);
        Assert.All(models.Values, points => Assert.Equal(ColdViewers.Least, points.Select(point => point.LeastPositives)));
        Assert.All(models.Values, points => Assert.Equal(points[0].Titles, result.Titles));
        Assert.All(models.Values, points => Assert.Equal(models["Marquee"].Select(point => (point.Titles, point.Viewers)), points.Select(point => (point.Titles, point.Viewers))));
        Assert.All(models["Marquee"].Zip(models["Marquee"].Skip(1)), pair => Assert.True(pair.First.Titles >= pair.Second.Titles && pair.First.Viewers >= pair.Second.Viewers));

        // Who knows the viewer is better than who only knows what is watched much.
        Assert.True(models["Marquee"][0].AreaUnderCurve > 0.68, $"{models["Marquee"][0]}");
        Assert.True(models["LightFM"][0].AreaUnderCurve > 0.68, $"{models["LightFM"][0]}");
        Assert.True(models["popularity by metadata"][0].AreaUnderCurve < 0.6, $"{models["popularity by metadata"][0]}");
    }

    [Fact]
    public void ColdViewers_KnownScores_GiveKnownMeasures()
    {
        // Four titles, of which 3 has no positive; viewer 0 liked 0 and 1, and also engaged with 2.
        var data = Data();
        var titles = data.Titles.Take(4).ToList();
        Interaction Event(int user, int title, bool positive) => new(user, title, SmallWorld.Like($"u{user}", titles[title].TitleId, SmallWorld.Start), positive);
        var small = new InteractionDataSet("four", titles, ["u0", "u1"], [Event(0, 0, true), Event(0, 1, true), Event(0, 2, false), Event(1, 2, true)]);
        var viewers = new ColdViewers(small, [0, 1, 2, 3]);

        viewers.Add([0.9, 0.1, 0.95, 0.5], [0, 1], [0, 1, 2]);

        // The only rival, 3, is between the two: areas of 1 and 0. Both are among the first ten.
        Assert.Equal(new ColdViewerPoint("m", 0, 4, 1, 0.5, 1), viewers.Points("m")[0]);
        Assert.Equal(new ColdViewerPoint("m", 5, 0, 0, 0, 0), viewers.Points("m")[1]);
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
