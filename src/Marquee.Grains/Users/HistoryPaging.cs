using Marquee.Contracts.Events;
using Marquee.Contracts.Users;
using Marquee.Engine.Events;
using EngagementType = Marquee.Contracts.Events.EngagementType;

namespace Marquee.Grains.Users;

/// <summary>Pages through a history, newest event time first; events of one moment in reverse order of arrival.</summary>
internal static class HistoryPaging
{
    /// <exception cref="ArgumentException">The cursor is none that a page gave out.</exception>
    public static HistoryPage Page(IReadOnlyList<EngagementEvent> events, int limit, string? cursor, LogPosition position)
    {
        var order = Enumerable.Range(0, events.Count).ToArray();
        Array.Sort(order, (a, b) =>
        {
            var byTime = events[b].OccurredAt.CompareTo(events[a].OccurredAt);
            return byTime != 0 ? byTime : b.CompareTo(a);
        });
        var start = 0;
        if (cursor is not null)
        {
            if (!HistoryCursor.TryParse(cursor, out var last))
            {
                throw new ArgumentException($"The cursor {HistoryCursor.Rule}.", nameof(cursor));
            }

            start = Array.FindIndex(order, i => events[i].OccurredAt < last.OccurredAt || (events[i].OccurredAt == last.OccurredAt && i < last.Arrival));
            start = start < 0 ? order.Length : start;
        }

        var page = order.Skip(start).Take(limit).ToArray();
        var next = start + page.Length < order.Length
            ? new HistoryCursor(events[page[^1]].OccurredAt, page[^1]).ToString()
            : null;
        return new HistoryPage([.. page.Select(i => ToEntry(events[i]))], next, position);
    }

    private static HistoryEntry ToEntry(EngagementEvent engagement) => new(
        engagement.EventId,
        engagement.TitleId,
        (EngagementType)engagement.Type,
        engagement.Value,
        engagement.OccurredAt);
}
