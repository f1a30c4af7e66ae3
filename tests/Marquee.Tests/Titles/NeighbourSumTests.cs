using CsCheck;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Tests.Events;

namespace Marquee.Tests.Titles;

public class NeighbourSumTests
{
    [Fact]
    public void Strongest_AnyPartitions_IsTheSumOfTheirShares() =>
        Gen.Select(EngagementGenerator.Events.Array[4, 150], Gen.Int[1, 12]).Sample((events, most) =>
        {
            var folds = Enumerable.Range(0, 4).Select(_ => new EngagementFold(neighbourCapacity: 6, new TitleTable())).ToArray();
            for (var i = 0; i < events.Length; i++)
            {
                folds[events[i].UserId[1] % 4].Apply(events[i], i);
            }

            string[] titles = [.. events.Select(engagement => engagement.TitleId).Distinct(), "unknown"];
            var sum = new NeighbourSum(new TitleTable());
            NeighbourShare[] shares = [.. folds.Select(fold => fold.NeighboursOf(titles))];
            var strongest = sum.Strongest(titles.Length, shares, most);
            Assert.Equal(strongest, sum.Strongest(titles.Length, [.. shares.Reverse()], most));
            for (var i = 0; i < titles.Length; i++)
            {
                Assert.Equal(Expected(folds, titles[i], most), strongest[i]);
            }
        });

    /// <summary>The plain twin: sums of all, then the strongest by either weight.</summary>
    private static Neighbour[] Expected(EngagementFold[] folds, string titleId, int most)
    {
        var all = folds
            .Select(fold => fold.NeighboursOf([titleId]))
            .SelectMany(share => share.Titles.Select((index, i) => new Neighbour(share.TitleIds[index], share.Transitions[i], share.CoWatches[i])))
            .GroupBy(neighbour => neighbour.TitleId)
            .Select(group => new Neighbour(group.Key, group.Sum(neighbour => neighbour.Transition), group.Sum(neighbour => neighbour.CoWatch)))
            .ToArray();
        var byTransition = all.OrderByDescending(n => n.Transition).ThenByDescending(n => n.CoWatch).ThenBy(n => n.TitleId, StringComparer.Ordinal).ToArray();
        var byCoWatch = all.OrderByDescending(n => n.CoWatch).ThenByDescending(n => n.Transition).ThenBy(n => n.TitleId, StringComparer.Ordinal);
        var kept = byTransition.Take(most).Concat(byCoWatch.Take(most)).ToHashSet();
        return [.. byTransition.Where(kept.Contains)];
    }
}
