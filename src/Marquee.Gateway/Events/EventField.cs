using System.Text.Json;

namespace Marquee.Gateway.Events;

/// <summary>The fields of an event, one bit each.</summary>
[Flags]
internal enum EventField
{
    None = 0,
    EventId = 1 << 0,
    UserId = 1 << 1,
    TitleId = 1 << 2,
    Type = 1 << 3,
    Value = 1 << 4,
    PositionSeconds = 1 << 5,
    DurationSeconds = 1 << 6,
    OccurredAt = 1 << 7,
    SessionId = 1 << 8,
    RecommendationId = 1 << 9,
    Country = 1 << 10,
    Device = 1 << 11,
}

/// <summary>Finds the field that a property names.</summary>
internal static class EventFields
{
    /// <summary>The field of the property that the reader stands at; <see cref="EventField.None"/> when there is no such field.</summary>
    public static EventField Find(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            return Find(reader.ValueSpan);
        }

        // The longest name with each character escaped takes six times its length.
        Span<byte> name = stackalloc byte[6 * 16];
        try
        {
            return reader.ValueSpan.Length > name.Length ? EventField.None : Find(name[..reader.CopyString(name)]);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair among the escapes.
            return EventField.None;
        }
    }

    private static EventField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("type"u8) => EventField.Type,
        5 when name.SequenceEqual("value"u8) => EventField.Value,
        6 when name.SequenceEqual("userId"u8) => EventField.UserId,
        6 when name.SequenceEqual("device"u8) => EventField.Device,
        7 when name.SequenceEqual("titleId"u8) => EventField.TitleId,
        7 when name.SequenceEqual("eventId"u8) => EventField.EventId,
        7 when name.SequenceEqual("country"u8) => EventField.Country,
        9 when name.SequenceEqual("sessionId"u8) => EventField.SessionId,
        10 when name.SequenceEqual("occurredAt"u8) => EventField.OccurredAt,
        15 when name.SequenceEqual("positionSeconds"u8) => EventField.PositionSeconds,
        15 when name.SequenceEqual("durationSeconds"u8) => EventField.DurationSeconds,
        16 when name.SequenceEqual("recommendationId"u8) => EventField.RecommendationId,
        _ => EventField.None,
    };
}
