using Marquee.Cli.Evaluation.LambdaRank;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Evaluation;
using Marquee.Training.Evaluation.SecondStage;

namespace Marquee.Tests.Client.Evaluation;

public sealed class LambdaRankTests
{
    private const int Candidates = 10;

    [Fact]
    public void Fit_ChosenByTheProductOfTwoFeatures_PutsTheChosenFirst()
    {
        var random = new Random(1);
        var ranker = new LambdaRankTrainer(15, 0.1, 100, leastRows: 20).Fit([.. Enumerable.Range(0, 800).Select(_ => List(random))]);

        var (first, firstByBestLine) = (0, 0);
        for (var i = 0; i < 200; i++)
        {
            var list = List(random);
            var scores = new double[Candidates];
            ranker.Score(list.Features, scores);
            first += Array.IndexOf(scores, scores.Max()) == list.Target ? 1 : 0;
            firstByBestLine += BestByLine(list) ? 1 : 0;
        }

        // A line can put the chosen first where both signs are positive or where both are negative, which is every other list.
        Assert.True(first > 150, $"{first} of 200");
        Assert.InRange(firstByBestLine, 60, 140);
    }

    [Fact]
    public void Run_SecondStage_RanksTheSameListsAsTheEngineAndChoosesOnValidation()
    {
        var data = Data();
        var (options, engine) = (new PrequentialOptions(), new EngineModelOptions { WarmUpEvents = 50, Embeddings = null });
        var model = new SecondStageModel(data, options, [new LambdaRankTrainer(4, 0.1, 10, leastRows: 20), new LambdaRankTrainer(2, 0.001, 1, leastRows: 20)], engine);

        var result = model.Chosen(PrequentialProtocol.Run(data, model, options));
        var alone = PrequentialProtocol.Run(data, new EngineModel(data.Titles, engine), options);

        Assert.Equal((alone.Validation.Count, alone.Test.Count), (result.Validation.Count, result.Test.Count));
        Assert.Equal(7, model.Grid.Count);
        Assert.Equal(alone.Validation, model.Grid[0].Validation);
        Assert.Equal(model.Grid.Skip(1).Max(variant => variant.Validation.Recall10), result.Validation.Recall10);
        Assert.Contains(model.ChosenName!, result.Model, StringComparison.Ordinal);
        Assert.InRange(result.Test.Recall10, 0.5 * alone.Test.Recall10, 1);
    }

    [Fact]
    public void Run_RankerThatKeepsTheEnginesOrder_HasTheEnginesFigures()
    {
        var data = Data();
        var (options, engine) = (new PrequentialOptions(), new EngineModelOptions { WarmUpEvents = 50, Embeddings = null });
        var model = new SecondStageModel(data, options, [new SameOrder()], engine);

        var result = model.Chosen(PrequentialProtocol.Run(data, model, options));
        var alone = PrequentialProtocol.Run(data, new EngineModel(data.Titles, engine), options);

        Assert.Equal((alone.Test.Recall10, alone.Test.Ndcg10, alone.Test.ReciprocalRank), (result.Test.Recall10, result.Test.Ndcg10, result.Test.ReciprocalRank));
        Assert.Equal((alone.Validation.Recall10, alone.Validation.Ndcg10), (result.Validation.Recall10, result.Validation.Ndcg10));
    }

    [Fact]
    public void Run_ListsOfTheFuture_AreNeverFittedOn()
    {
        var data = Data();
        var (options, engine) = (new PrequentialOptions(), new EngineModelOptions { WarmUpEvents = 50, Embeddings = null });
        var trainer = new SameOrder();
        var model = new SecondStageModel(data, options, [trainer], engine);

        _ = PrequentialProtocol.Run(data, model, options);

        Assert.NotEmpty(trainer.Fitted);
        Assert.All(trainer.Fitted.Zip(trainer.Fitted.Skip(1)), pair => Assert.True(pair.First <= pair.Second));
        Assert.True(trainer.Fitted[^1] <= data.Interactions.Length * 9 / 10, $"{trainer.Fitted[^1]} lists");
    }

    /// <summary>Candidates with two random signs each; the one whose signs' product is positive is chosen, there is one such.</summary>
    private static TrainingList List(Random random)
    {
        var features = new float[Candidates * ListFeatures.Count];
        var target = random.Next(Candidates);
        for (var i = 0; i < Candidates; i++)
        {
            var first = random.Next(2) == 0 ? -1 : 1;
            var second = i == target ? first : -first;
            features[i * ListFeatures.Count] = first * (0.5f + random.NextSingle());
            features[(i * ListFeatures.Count) + 1] = second * (0.5f + random.NextSingle());
        }

        return new TrainingList(features, target);
    }

    /// <summary>Whether the order of the sum of both features has the chosen one first.</summary>
    private static bool BestByLine(TrainingList list)
    {
        var sums = Enumerable.Range(0, Candidates).Select(i => list.Features[i * ListFeatures.Count] + list.Features[(i * ListFeatures.Count) + 1]).ToArray();
        return Array.IndexOf(sums, sums.Max()) == list.Target;
    }

    private static InteractionDataSet Data()
    {
        var titles = SmallWorld.Titles().ToArray();
        var events = SmallWorld.Events().ToArray();
        string[] users = [.. events.Select(engagement => engagement.UserId).Distinct()];
        return new InteractionDataSet("small world", titles, users, [.. events.Select(engagement => new Interaction(
            Array.IndexOf(users, engagement.UserId), Array.FindIndex(titles, title => title.TitleId == engagement.TitleId), engagement, true))]);
    }

    /// <summary>Scores by the engine's rank, so that the order stays.</summary>
    private sealed class SameOrder : IListRankerTrainer, IListRanker
    {
        public List<int> Fitted { get; } = [];

        public string Name => "same order";

        public IListRanker Fit(IReadOnlyList<TrainingList> lists)
        {
            Fitted.Add(lists.Count);
            return this;
        }

        public void Score(ReadOnlySpan<float> features, Span<double> scores)
        {
            for (var i = 0; i < scores.Length; i++)
            {
                scores[i] = -features[((i + 1) * ListFeatures.Count) - 1];
            }
        }
    }
}
