namespace Marquee.Gateway.Json;

/// <summary>Turns milliseconds since the Unix epoch into what JSON shows as <c>2026-03-01T20:15:00.25Z</c>.</summary>
internal static class Instant
{
    public static DateTime Of(long milliseconds) => DateTime.UnixEpoch.AddMilliseconds(milliseconds);

    public static DateTime? OrNull(long? milliseconds) => milliseconds is { } value ? Of(value) : null;
}
