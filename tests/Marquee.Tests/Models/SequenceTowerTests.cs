using System.Numerics.Tensors;
using Marquee.Engine.Models;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Tests.Recommendations;
using Marquee.Training.Sequences;

namespace Marquee.Tests.Models;

public sealed class SequenceTowerTests
{
    private const int Hidden = 3;

    /// <summary>The equations of the class, number by number.</summary>
    [Fact]
    public void Step_AnyGates_FollowsTheEquations()
    {
        float[] gates = [.. Numbers(2 * 3 * Hidden, 1)];
        float[] recurrent = [.. Numbers(2 * 3 * Hidden, 2)];
        float[] before = [.. Numbers(2 * Hidden, 3)];
        float[] input = [.. gates];
        var after = new float[2 * Hidden];

        GatedRecurrentUnit.Step(gates, recurrent, before, after, Hidden);

        for (var row = 0; row < 2; row++)
        {
            for (var i = 0; i < Hidden; i++)
            {
                double Sum(int gate) => input[(row * 3 * Hidden) + (gate * Hidden) + i] + (double)recurrent[(row * 3 * Hidden) + (gate * Hidden) + i];
                var z = 1 / (1 + Math.Exp(-Sum(0)));
                var r = 1 / (1 + Math.Exp(-Sum(1)));
                var n = Math.Tanh(input[(row * 3 * Hidden) + (2 * Hidden) + i] + (r * recurrent[(row * 3 * Hidden) + (2 * Hidden) + i]));
                Assert.Equal(((1 - z) * n) + (z * before[(row * Hidden) + i]), after[(row * Hidden) + i], 1e-5);
            }
        }
    }

    /// <summary>What serving computes for one viewer is what training computed for all together.</summary>
    [Fact]
    public void Follow_AnyTaste_IsTheForwardPassOfTraining()
    {
        var tower = Tower(["a", "b", "c", "d", "e"], length: 4);
        var titles = new TitleTable();
        var taste = new TasteState(titles);
        SequenceEvent[] events =
        [
            .. Enumerable.Range(0, 6).Select(static i => new SequenceEvent((i * 3) % 5, SmallWorld.Start + (i * i * 50_000L), i == 2 ? 2 : 0, i)).Where(static step => step.Number != 5),
            new SequenceEvent(0, SmallWorld.Start + 5_000_000, 0, 6),
        ];
        foreach (var step in events[..^1])
        {
            taste.Apply(SmallWorld.Event("u", tower.TitleIds[step.Row], step.OccurredAt, step.Kind == 0 ? Engine.Events.EngagementType.Like : Engine.Events.EngagementType.Dislike));
        }

        var state = tower.Follow(taste.Freeze(), titles);
        var query = new float[tower.Dimension];
        tower.Network.Query(state.Hidden, SequenceStep.GapOf(events[^1].OccurredAt - state.OccurredAt), new float[tower.Network.Hidden], query);

        var window = new SequenceWindow(events, events.Length - 5, events.Length - 1, events.Length - 1);
        SequenceWindow other = new(events, 0, 2, 1);
        var trained = new SequencePass(tower.Dimension, tower.Network.Hidden).Queries(tower.Network, tower.Vectors, [other, window]);
        Assert.Equal(query, trained[^query.Length..].ToArray());
        Assert.True(TensorPrimitives.Norm<float>(query) > 0.1);
    }

    [Fact]
    public void Follow_ViewerOfUnknownTitlesOnly_HasNoState()
    {
        var titles = new TitleTable();
        var taste = new TasteState(titles);
        taste.Apply(SmallWorld.Like("u", "never seen", SmallWorld.Start));

        Assert.Null(Tower(["a"], 4).Follow(taste.Freeze(), titles).Hidden);
    }

    [Fact]
    public void Follow_MoreTitlesThanSteps_ReadsTheNewestOnly()
    {
        var tower = Tower(["a", "b", "c", "d", "e"], length: 2);
        var titles = new TitleTable();
        var (all, newest) = (new TasteState(titles), new TasteState(titles));
        for (var i = 0; i < 5; i++)
        {
            all.Apply(SmallWorld.Like("u", tower.TitleIds[i], SmallWorld.Start + (i * 60_000)));
            if (i >= 2)
            {
                newest.Apply(SmallWorld.Like("u", tower.TitleIds[i], SmallWorld.Start + (i * 60_000)));
            }
        }

        Assert.Equal(tower.Follow(newest.Freeze(), titles).Hidden, tower.Follow(all.Freeze(), titles).Hidden);
    }

    /// <summary>A tower of random weights.</summary>
    internal static SequenceTower Tower(string[] titleIds, int length, int dimension = 16, int hidden = 16)
    {
        float[][] parameters = [.. SequenceNetwork.SizesOf(dimension, hidden).Select(static (size, i) => Numbers(size, i).ToArray())];
        return new SequenceTower(new SequenceNetwork(dimension, hidden, parameters), length, titleIds, [.. Numbers(titleIds.Length * dimension, 9)], null);
    }

    private static IEnumerable<float> Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() - 0.5));
    }
}
