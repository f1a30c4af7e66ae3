using Marquee.Engine.Events;
using Marquee.Tests.Recommendations;
using Marquee.Training.Baselines;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Training;

public sealed class PrequentialProtocolTests
{
    [Fact]
    public void Run_Engine_BeatsPopularityWhereTasteDecides()
    {
        var data = Data();
        var options = new PrequentialOptions();

        var engine = PrequentialProtocol.Run(data, new EngineModel(data.Titles, new EngineModelOptions { WarmUpEvents = 50, Embeddings = null }), options);
        var popularity = PrequentialProtocol.Run(data, new PopularityBaseline(data, double.PositiveInfinity), options);

        Assert.Equal(popularity.Test.Count, engine.Test.Count);
        Assert.True(engine.Test.Recall10 > 1.2 * popularity.Test.Recall10, $"{engine.Test.Recall10} against {popularity.Test.Recall10}");
    }

    [Fact]
    public void Run_ModelThatKnows_HasPerfectMeasuresAndLearnsEachEventOnceInOrder()
    {
        var data = Data();
        var oracle = new Oracle();

        var result = PrequentialProtocol.Run(data, oracle, new PrequentialOptions());

        Assert.Equal(1, result.Test.Recall10);
        Assert.Equal(1, result.Test.Ndcg10);
        Assert.Equal(1, result.Test.ReciprocalRank);
        Assert.Equal((1, 1), result.Recall10Interval);
        Assert.Equal(data.Interactions[..^1].Select(interaction => interaction.Event.EventId), oracle.Learned);
    }

    [Fact]
    public void Run_StaleByAnHour_RanksWithoutTheHoursEvents()
    {
        var data = Data();
        var oracle = new Oracle();

        _ = PrequentialProtocol.Run(data, oracle, new PrequentialOptions { Staleness = TimeSpan.FromHours(1) });

        Assert.InRange(oracle.Learned.Count, data.Interactions.Length - 1 - 60, data.Interactions.Length - 2);
    }

    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 1, 0.5, 1 / 3.0)]
    [InlineData(11, 0, 0, 1 / 11.0)]
    [InlineData(51, 0, 0, 0)]
    public void Add_Rank_GivesTheClosedForms(int rank, double recall, double ndcg, double reciprocal)
    {
        var metrics = default(RankingMetrics);
        metrics.Add(rank);

        Assert.Equal((recall, ndcg, reciprocal), (metrics.Recall10, metrics.Ndcg10, metrics.ReciprocalRank));
    }

    private static InteractionDataSet Data()
    {
        EngagementEvent[] events = [.. SmallWorld.Events()];
        var titles = SmallWorld.Titles().ToArray();
        var users = events.Select(engagement => engagement.UserId).Distinct().ToArray();
        return new InteractionDataSet(
            "small world",
            titles,
            users,
            [.. events.Select(engagement => new Interaction(Array.IndexOf(users, engagement.UserId), Array.FindIndex(titles, title => title.TitleId == engagement.TitleId), engagement, true))]);
    }

    private sealed class Oracle : IPrequentialModel
    {
        public string Name => "oracle";

        public List<string> Learned { get; } = [];

        public int Rank(in Interaction next)
        {
            Assert.DoesNotContain(next.Event.EventId, Learned);
            return 1;
        }

        public void Learn(in Interaction interaction) => Learned.Add(interaction.Event.EventId);

        public void Retrain(ReadOnlyMemory<Interaction> past)
        {
        }
    }
}
