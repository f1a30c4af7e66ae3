using System.Globalization;
using Marquee.Contracts.Events;
using Marquee.Contracts.Users;
using Marquee.Engine.Events;
using EngagementType = Marquee.Contracts.Events.EngagementType;

namespace Marquee.Grains.Users;

/// <summary>Pages through a history, newest event time first; events of one moment in reverse order of arrival.</summary>
/// <remarks>The cursor names the last event handed out by time and arrival, so that events that come meanwhile shift nothing.</remarks>
internal static class HistoryPaging
{
    public static HistoryPage Page(IReadOnlyList<EngagementEvent> events, int limit, string? cursor, LogPosition position)
    {
        var order = Enumerable.Range(0, events.Count).ToArray();
        Array.Sort(order, (a, b) =>
        {
            var byTime = events[b].OccurredAt.CompareTo(events[a].OccurredAt);
            return byTime != 0 ? byTime : b.CompareTo(a);
        });
        var start = 0;
        if (cursor is not null && TryParse(cursor, out var time, out var arrival))
        {
            start = Array.FindIndex(order, i => events[i].OccurredAt < time || (events[i].OccurredAt == time && i < arrival));
            start = start < 0 ? order.Length : start;
        }

        var page = order.Skip(start).Take(limit).ToArray();
        var next = start + page.Length < order.Length
            ? string.Create(CultureInfo.InvariantCulture, $"{events[page[^1]].OccurredAt}.{page[^1]}")
            : null;
        return new HistoryPage([.. page.Select(i => ToEntry(events[i]))], next, position);
    }

    private static bool TryParse(string cursor, out long time, out int arrival)
    {
        (time, arrival) = (0, 0);
        var dot = cursor.IndexOf('.', StringComparison.Ordinal);
        return dot > 0
            && long.TryParse(cursor.AsSpan(0, dot), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out time)
            && int.TryParse(cursor.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out arrival);
    }

    private static HistoryEntry ToEntry(EngagementEvent engagement) => new(
        engagement.EventId,
        engagement.TitleId,
        (EngagementType)engagement.Type,
        engagement.Value,
        engagement.OccurredAt);
}
