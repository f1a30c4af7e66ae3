using System.Globalization;
using System.Text;
using Marquee.Engine.Events;

namespace Marquee.Benchmarks.Micro;

/// <summary>A batch of 100 events, as a player sends them.</summary>
internal static class EventBatch
{
    public const int Count = 100;

    private static readonly string[] Types = ["play", "progress", "complete", "rate"];

    public static LogEntry[] Entries() => [.. Enumerable.Range(0, Count).Select(i => new LogEntry("default", $"user-{i}", new EngagementEvent
    {
        EventId = $"benchmark-{i}",
        UserId = $"user-{i}",
        TitleId = GeneratedWorld.TitleId(i * 7),
        Type = EngagementType.Progress,
        OccurredAt = GeneratedWorld.Now + i,
        PositionSeconds = 10 * i,
        DurationSeconds = 5_400,
        SessionId = $"session-{i}",
        Country = "DE",
        Device = "tv",
    }))];

    /// <summary>The same kind of batch as the body of a call.</summary>
    public static byte[] Json()
    {
        var body = new StringBuilder("[");
        for (var i = 0; i < Count; i++)
        {
            body.Append(i == 0 ? string.Empty : ",").Append(CultureInfo.InvariantCulture, $$"""
                {"eventId":"benchmark-{{i}}","userId":"user-{{i}}","titleId":"{{GeneratedWorld.TitleId(i * 7)}}","type":"{{Types[i % 4]}}","value":{{1 + (i % 4)}},"positionSeconds":{{10 * i}},"durationSeconds":5400,"occurredAt":"2023-11-14T22:13:{{i % 60:D2}}Z","country":"DE","device":"tv"}
                """);
        }

        return Encoding.UTF8.GetBytes(body.Append(']').ToString());
    }
}
