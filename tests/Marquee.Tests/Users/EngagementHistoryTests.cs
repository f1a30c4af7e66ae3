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

    /// <summary>Whenever it is asked for, the taste is the fold of all events, and what was handed out before stays as it was.</summary>
    [Fact]
    public void Taste_AskedForNowAndThen_IsTheFoldOfAllEvents() =>
        Gen.Select(EngagementGenerator.Events, Gen.Bool).Array[0, 80].Sample(steps =>
        {
            var titles = new TitleTable();
            var (history, fold, handedOut) = (new EngagementHistory(titles), new TasteState(titles), new List<(UserTaste Taste, string Text)>());
            foreach (var (engagement, isAsked) in steps)
            {
                history.Append(engagement);
                fold.Apply(engagement);
                if (isAsked)
                {
                    handedOut.Add((history.Taste, Text(history.Taste)));
                    Assert.Equal(Text(fold.Freeze()), Text(history.Taste));
                }
            }

            Assert.Equal(Text(fold.Freeze()), Text(history.Taste));
            Assert.Same(history.Taste, history.Taste);
            Assert.All(handedOut, static given => Assert.Equal(given.Text, Text(given.Taste)));
            Assert.Equal(Text(history.Taste), Text(EngagementHistory.FromBytes(history.ToBytes(), titles).Taste));
            history.Clear();
            Assert.Same(UserTaste.Empty, history.Taste);
        });

    [Fact]
    public void Taste_OldestEventsForgotten_StaysAsItWasFolded()
    {
        var history = new EngagementHistory(new TitleTable());
        history.Append(Play(499) with { Type = EngagementType.AddToList });
        Assert.Single(history.Taste.MyList);
        for (var i = 0; i < EngagementHistory.MostEvents + (EngagementHistory.MostEvents / 8); i++)
        {
            history.Append(Play(i % 400));
        }

        Assert.Equal(EngagementHistory.MostEvents, history.Count);
        Assert.Single(history.Taste.MyList);
        Assert.Equal(400, history.Taste.Excluded.Length);
        history.Append(Play(450));
        Assert.Equal(401, history.Taste.Excluded.Length);
    }

    [Fact]
    public void Append_RoomIsLeft_AllocatesNothing()
    {
        var history = new EngagementHistory(new TitleTable());
        EngagementEvent[] events = [.. Enumerable.Range(0, 500).Select(Play)];
        Array.ForEach(events, history.Append);

        var least = long.MaxValue;
        foreach (var engagement in events.AsSpan(0, 20))
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            history.Append(engagement);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, least);
    }

    private static string Text(UserTaste taste) =>
        $"{string.Join(' ', taste.Recent)} {string.Join(' ', taste.Excluded)} {string.Join(' ', taste.MyList)} {string.Join(' ', taste.InProgress)}";

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
