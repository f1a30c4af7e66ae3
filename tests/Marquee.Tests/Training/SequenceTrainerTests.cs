using System.Numerics.Tensors;
using Marquee.Engine.Events;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Tests.Recommendations;
using Marquee.Training.Data;
using Marquee.Training.Sequences;

namespace Marquee.Tests.Training;

public sealed class SequenceTrainerTests
{
    private static readonly SequenceOptions Options = new() { Dimension = 16, Hidden = 32, LearningRates = [0.01f], Dropout = 0, WeightDecay = 0, Epochs = 4 };

    /// <summary>
    /// Each viewer sees one of a0, a1, one of b0, b1, and then c0 or c1: c1 when exactly one of the two was a 1. Every pair of
    /// titles is equally frequent, so no counter of pairs can tell c0 from c1; a network that reads the order can.
    /// </summary>
    [Fact]
    public void Train_OutcomeThatOnlyTwoTitlesTogetherTell_IsPredicted()
    {
        var tower = SequenceTrainer.Train(SequenceHistory.Of(Riddles(800)), Options)!;

        foreach (var (a, b) in (ReadOnlySpan<(int, int)>)[(0, 0), (0, 1), (1, 0), (1, 1)])
        {
            var right = a == b ? "c0" : "c1";
            var wrong = a == b ? "c1" : "c0";
            var query = QueryOf(tower, $"a{a}", $"b{b}");
            Assert.True(TensorPrimitives.Dot(query, tower.Of(right)) > TensorPrimitives.Dot(query, tower.Of(wrong)) + 2);
        }
    }

    [Fact]
    public void Train_OneOrManyThreads_GivesTheSameBits()
    {
        var one = SequenceTrainer.Train(SequenceHistory.Of(Riddles(200)), Options with { Parallelism = 1, Dropout = 0.2f, Epochs = 2 })!;
        var many = SequenceTrainer.Train(SequenceHistory.Of(Riddles(200)), Options with { Parallelism = 4, Dropout = 0.2f, Epochs = 2 })!;

        Assert.Equal(one.Vectors, many.Vectors);
        Assert.All(one.Network.Parameters.Zip(many.Network.Parameters), static pair => Assert.Equal(pair.First, pair.Second));
    }

    [Fact]
    public void Train_FewerCandidatesThanTitles_LearnsFromDraws()
    {
        var tower = SequenceTrainer.Train(SequenceHistory.Of(Riddles(800)), Options with { MostCandidates = 3 })!;
        var query = QueryOf(tower, "a0", "b1");

        Assert.True(TensorPrimitives.Dot(query, tower.Of("c1")) > TensorPrimitives.Dot(query, tower.Of("c0")) + 2);
    }

    /// <remarks>Going on from a tower: its titles keep their axes, and a new title is learned on those.</remarks>
    [Fact]
    public void Train_FromATowerOfLess_KnowsTheNewTitlesToo()
    {
        var start = SequenceTrainer.Train(SequenceHistory.Of(Riddles(800)), Options)!;
        var more = Riddles(800, "d");

        var tower = SequenceTrainer.Train(SequenceHistory.Of(more), Options with { WarmEpochs = 3 }, start)!;

        var query = QueryOf(tower, "a0", "b1");
        Assert.True(TensorPrimitives.Dot(query, tower.Of("d1")) > TensorPrimitives.Dot(query, tower.Of("d0")));
        Assert.True(TensorPrimitives.CosineSimilarity(start.Of("a0"), tower.Of("a0")) > 0.9);
    }

    /// <remarks>Before it has learned, it puts the viewer's own titles first.</remarks>
    [Fact]
    public void Train_NetworkThatPredictsWorseThanPopularity_IsNoTower() =>
        Assert.Null(SequenceTrainer.Train(SequenceHistory.Of(Riddles(400)), Options with { LearningRates = [1e-9f] }));

    [Fact]
    public void Train_TooFewEvents_IsNoTower() => Assert.Null(SequenceTrainer.Train(SequenceHistory.Of(Riddles(5)), Options));

    [Fact]
    public void Train_Cancelled_Stops() =>
        Assert.ThrowsAny<OperationCanceledException>(static () => SequenceTrainer.Train(SequenceHistory.Of(Riddles(200)), Options, cancellation: new CancellationToken(true)));

    private static float[] QueryOf(SequenceTower tower, params string[] past)
    {
        var titles = new TitleTable();
        var taste = new TasteState(titles);
        for (var i = 0; i < past.Length; i++)
        {
            taste.Apply(SmallWorld.Like("u", past[i], SmallWorld.Start + (i * 1000)));
        }

        var query = new float[tower.Dimension];
        tower.Network.Query(tower.Follow(taste.Freeze(), titles).Hidden, SequenceStep.GapOf(1000), new float[tower.Network.Hidden], query);
        return query;
    }

    private static Interaction[] Riddles(int viewers, string outcome = "c")
    {
        var random = new Random(4);
        var events = new List<Interaction>();
        for (var viewer = 0; viewer < viewers; viewer++)
        {
            var (a, b) = (random.Next(2), random.Next(2));
            events.Add(Step(viewer, $"a{a}", events.Count));
            events.Add(Step(viewer, $"b{b}", events.Count));
            events.Add(Step(viewer, $"{outcome}{a ^ b}", events.Count));
        }

        return [.. events];
    }

    private static Interaction Step(int viewer, string title, int number) => new(
        viewer,
        (2 * (title[0] - 'a')) + (title[1] - '0'),
        new EngagementEvent { EventId = $"{number}", UserId = $"u{viewer}", TitleId = title, Type = EngagementType.Like, OccurredAt = SmallWorld.Start + (number * 1000) },
        true);
}
