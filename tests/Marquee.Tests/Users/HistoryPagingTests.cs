using CsCheck;
using Marquee.Grains.Users;
using Marquee.Tests.Events;

namespace Marquee.Tests.Users;

public class HistoryPagingTests
{
    [Fact]
    public void Page_FollowedToTheEnd_GivesEveryEventOnceNewestFirst() =>
        Gen.Select(EngagementGenerator.Events.Array[0, 60], Gen.Int[1, 20]).Sample((events, limit) =>
        {
            var seen = new List<string>();
            var times = new List<long>();
            string? cursor = null;
            do
            {
                var page = HistoryPaging.Page(events, limit, cursor, default);
                Assert.InRange(page.Events.Length, events.Length == 0 ? 0 : 1, limit);
                seen.AddRange(page.Events.Select(entry => entry.EventId));
                times.AddRange(page.Events.Select(entry => entry.OccurredAt));
                cursor = page.Next;
            }
            while (cursor is not null);

            Assert.Equal(events.Select(e => e.EventId).Order(), seen.Order());
            Assert.Equal(times.OrderDescending(), times);
        });

    [Fact]
    public void Page_EventsComeMeanwhile_RepeatsAndSkipsNothing()
    {
        var events = Enumerable.Range(0, 10).Select(i => Play(i, occurredAt: i)).ToList();
        var first = HistoryPaging.Page(events, 4, null, default);
        events.Add(Play(10, occurredAt: 100));
        var second = HistoryPaging.Page(events, 4, first.Next, default);
        Assert.Equal(["e9", "e8", "e7", "e6"], first.Events.Select(e => e.EventId));
        Assert.Equal(["e5", "e4", "e3", "e2"], second.Events.Select(e => e.EventId));
    }

    [Fact]
    public void Page_CursorNobodyGaveOut_Throws() =>
        Assert.Throws<ArgumentException>("cursor", () => HistoryPaging.Page([], 10, "garbage", default));

    private static Marquee.Engine.Events.EngagementEvent Play(int i, long occurredAt) => new()
    {
        EventId = $"e{i}",
        UserId = "u",
        TitleId = "t",
        Type = Marquee.Engine.Events.EngagementType.Play,
        OccurredAt = occurredAt,
    };
}
