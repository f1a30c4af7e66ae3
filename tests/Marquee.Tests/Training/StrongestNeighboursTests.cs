using CsCheck;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Tests.Events;
using Marquee.Training.Evaluation;

namespace Marquee.Tests.Training;

public sealed class StrongestNeighboursTests
{
    /// <summary>Ties may be broken otherwise than by the sum over partitions, so the weights are compared, each by itself.</summary>
    [Fact]
    public void Of_AnyFold_KeepsTheWeightsThatTheSumOverPartitionsKeeps() =>
        Gen.Select(EngagementGenerator.Events.Array[4, 150], Gen.Int[1, 12]).Sample((events, most) =>
        {
            var fold = new EngagementFold(neighbourCapacity: 64, new TitleTable());
            for (var i = 0; i < events.Length; i++)
            {
                fold.Apply(events[i], i);
            }

            var table = new TitleTable();
            int[] numbers = [.. Enumerable.Range(0, fold.TitleCount).Select(number => table.NumberOf(fold.IdOf(number)))];
            var strongest = new StrongestNeighbours();
            foreach (var titleId in events.Select(engagement => engagement.TitleId).Distinct())
            {
                var summed = new NeighbourSum(table).Strongest(1, [fold.NeighboursOf([titleId])], most)[0];
                var chosen = fold.Find(titleId)!.Neighbours is { } map ? strongest.Of(map, numbers, most) : TitleNeighbours.None;

                Assert.Equal(chosen.Numbers.Length, chosen.Numbers.Distinct().Count());
                Assert.Equal(
                    summed.Select(static neighbour => neighbour.Transition / (float)Neighbour.Unit).OrderDescending().Take(most),
                    chosen.Transitions.OrderDescending().Take(most));
                Assert.Equal(summed.Select(static neighbour => (float)neighbour.CoWatch).OrderDescending().Take(most), chosen.CoWatches.OrderDescending().Take(most));
            }
        });
}
