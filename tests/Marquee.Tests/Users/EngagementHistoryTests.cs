using CsCheck;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Tests.Events;

namespace Marquee.Tests.Users;

public class EngagementHistoryTests
{
    [Fact]
    public void FromBytes_WhatToBytesWrote_HoldsTheSameEvents() =>
        EngagementGenerator.Events.Array[0, 60].Sample(events =>
        {
            var history = new EngagementHistory(new TitleTable());
            foreach (var engagement in events)
            {
                history.Append(engagement);
            }

            var expected = events.Select(engagement => engagement with
            {
                UserId = "u",
                SessionId = null,
                RecommendationId = null,
                Country = null,
                Device = null,
            });
            Assert.Equal(expected, history.ToList("u"));

            // Another process numbers titles differently.
            var elsewhere = new TitleTable();
            elsewhere.NumberOf("t5");
            var read = EngagementHistory.FromBytes(history.ToBytes(), elsewhere);
            Assert.Equal(expected, read.ToList("u"));
            Assert.Equal(history.ToBytes(), read.ToBytes());
        });

    [Fact]
    public void Append_MoreThanItHolds_ForgetsTheOldest()
    {
        var history = new EngagementHistory(new TitleTable());
        var total = EngagementHistory.MostEvents + (EngagementHistory.MostEvents / 8) + 1;
        for (var i = 0; i < total; i++)
        {
            history.Append(Play(i));
        }

        Assert.Equal(EngagementHistory.MostEvents, history.Count);
        var events = history.ToList("u");
        Assert.Equal($"e{total - 1}", events[^1].EventId);
        Assert.Equal($"e{total - EngagementHistory.MostEvents}", events[0].EventId);
        Assert.Equal(total - 1, events[^1].OccurredAt);
    }

    [Fact]
    public void PackedBytes_TwoHundredEventsWithGuids_StaysBelowEightKilobytes()
    {
        var titles = new TitleTable();
        var history = new EngagementHistory(titles);
        for (var i = 0; i < 200; i++)
        {
            history.Append(Play(i) with
            {
                EventId = new Guid(i, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10).ToString("D"),
                OccurredAt = 1_700_000_000_000 + (i * 3_600_000L),
                PositionSeconds = 1800,
                DurationSeconds = 5400,
            });
        }

        Assert.InRange(history.PackedBytes, 1, 8 * 1024);
    }

    private static EngagementEvent Play(int i) => new()
    {
        EventId = $"e{i}",
        UserId = "u",
        TitleId = $"t{i % 500}",
        Type = EngagementType.Play,
        OccurredAt = i,
    };
}
