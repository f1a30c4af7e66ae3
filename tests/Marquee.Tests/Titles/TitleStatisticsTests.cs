using CsCheck;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Tests.Events;

namespace Marquee.Tests.Titles;

public class TitleStatisticsTests
{
    [Fact]
    public void Sum_SharesInAnyOrderWithOldOnesBetween_GivesTheSameBits() =>
        Gen.Select(EngagementGenerator.Events.Array[4, 120], Gen.Int[0, 1000]).Sample((events, seed) =>
        {
            var folds = Enumerable.Range(0, 4).Select(_ => new EngagementFold(neighbourCapacity: 8, new TitleTable())).ToArray();
            var shares = new List<(int Partition, long Version, TitleSummary Share)>();
            for (var i = 0; i < events.Length; i++)
            {
                var partition = events[i].UserId[1] % 4;
                folds[partition].Apply(events[i], i);
                if (folds[partition].Find("t1") is { } title)
                {
                    shares.Add((partition, title.Version, title.Summarise()));
                }
            }

            var shuffled = shares.ToArray();
            new Random(seed).Shuffle(shuffled);
            var (expected, actual) = (Sum(shares), Sum(shuffled));
            Assert.Equal(expected.Counts, actual.Counts);
            Assert.Equal(expected.Popularity, actual.Popularity);
            Assert.Equal(expected.Countries, actual.Countries);
            Assert.Equal(events.Count(engagement => engagement.TitleId == "t1"), actual.EventCount);
            Assert.Equal((expected.Positives, expected.Verdicts, expected.FirstEventAt, expected.LastEventAt), (actual.Positives, actual.Verdicts, actual.FirstEventAt, actual.LastEventAt));
        });

    [Fact]
    public void Take_AnOlderShare_ChangesNothing()
    {
        var statistics = new TitleStatistics();
        Assert.True(statistics.Take(3, version: 9, Likes(3)));
        Assert.False(statistics.Take(3, version: 9, Likes(3)));
        Assert.False(statistics.Take(3, version: 5, Likes(2)));
        Assert.True(statistics.Take(1, version: 2, Likes(4)));
        Assert.Equal(7, statistics.Sum().Counts[(int)EngagementType.Like]);
        Assert.Equal((9, 2, 0), (statistics.VersionOf(3), statistics.VersionOf(1), statistics.VersionOf(2)));
    }

    private static TitleSummary Sum(IEnumerable<(int Partition, long Version, TitleSummary Share)> shares)
    {
        var statistics = new TitleStatistics();
        statistics.Reserve(2);
        foreach (var (partition, version, share) in shares)
        {
            statistics.Take(partition, version, share);
        }

        return statistics.Sum();
    }

    private static TitleSummary Likes(int likes)
    {
        var counts = new long[TitleSummary.Types];
        counts[(int)EngagementType.Like] = likes;
        return new TitleSummary { Counts = counts, EventCount = likes, Positives = likes, Verdicts = likes, FirstEventAt = 1, LastEventAt = 2 };
    }
}
