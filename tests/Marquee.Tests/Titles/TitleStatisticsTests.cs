using CsCheck;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Tests.Events;

namespace Marquee.Tests.Titles;

public class TitleStatisticsTests
{
    [Fact]
    public void TryApply_PartitionsInAnyOrder_GivesTheSameBytes() =>
        Gen.Select(EngagementGenerator.Events.Array[4, 120], Gen.Int[0, 1000]).Sample((events, seed) =>
        {
            var folds = Enumerable.Range(0, 4).Select(_ => new EngagementFold(neighbourCapacity: 8)).ToArray();
            for (var i = 0; i < events.Length; i++)
            {
                folds[events[i].UserId[1] % 4].Apply(events[i], i);
            }

            var deltas = folds.Select((fold, partition) => (Partition: partition, Delta: fold.TakeAbsolute("t1")))
                .Where(pair => pair.Delta is not null).ToArray();
            var shuffled = deltas.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(Sum(deltas).Summarise(50).ToBytes(), Sum(shuffled).Summarise(50).ToBytes());
        });

    [Fact]
    public void TryApply_TheSameDeltaTwice_CountsOnce()
    {
        var statistics = new TitleStatistics();
        Assert.True(statistics.TryApply(0, Delta(from: 0, to: 5, likes: 2)));
        Assert.True(statistics.TryApply(0, Delta(from: 0, to: 5, likes: 2)));
        Assert.Equal(2, statistics.Counts[(int)EngagementType.Like]);
    }

    [Fact]
    public void TryApply_ADeltaWithAGapBefore_IsRefused()
    {
        var statistics = new TitleStatistics();
        Assert.True(statistics.TryApply(0, Delta(from: 0, to: 5, likes: 2)));
        Assert.False(statistics.TryApply(0, Delta(from: 6, to: 9, likes: 1)));
        Assert.True(statistics.TryApply(0, Delta(from: 5, to: 9, likes: 1)));
        Assert.Equal(3, statistics.EventCount);
    }

    [Fact]
    public void FromBytes_WhatToBytesWrote_GivesTheSameBytes()
    {
        var statistics = new TitleStatistics();
        statistics.TryApply(7, Delta(from: 0, to: 5, likes: 2) with
        {
            Neighbours = [new Neighbour("x", 4096, 1), new Neighbour("y", 10, 3)],
            Countries = [new("DE", new DecayedPopularity { Short = 1, Medium = 2, Long = 3, At = 99 })],
        });
        var bytes = statistics.Summarise(10).ToBytes();
        var read = TitleSummary.FromBytes(bytes);
        Assert.Equal(bytes, read.ToBytes());
        Assert.Equal(2, read.EventCount);
        Assert.Throws<InvalidDataException>(() => TitleSummary.FromBytes(bytes.AsSpan(0, bytes.Length - 1)));
    }

    private static TitleStatistics Sum(IEnumerable<(int Partition, TitleDelta? Delta)> deltas)
    {
        var statistics = new TitleStatistics();
        foreach (var (partition, delta) in deltas)
        {
            Assert.True(statistics.TryApply(partition, delta!));
        }

        return statistics;
    }

    private static TitleDelta Delta(long from, long to, int likes)
    {
        var counts = new long[TitleDelta.Types];
        counts[(int)EngagementType.Like] = likes;
        return new TitleDelta
        {
            FromVersion = from,
            ToVersion = to,
            Counts = counts,
            Positives = likes,
            Verdicts = likes,
            Popularity = default,
            Countries = [],
            Neighbours = [],
            FirstEventAt = 1,
            LastEventAt = 2,
        };
    }
}
