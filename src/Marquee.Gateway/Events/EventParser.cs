using System.Text.Json;
using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;

namespace Marquee.Gateway.Events;

/// <summary>Reads and checks engagement events, straight from the bytes: the hot path of the gateway.</summary>
/// <remarks>
/// Unknown fields and repeated fields are errors that name them. Null counts as absent. Per good event it allocates the
/// message and its texts; a user, title, session or device that equals the one of the event before is shared.
/// </remarks>
internal sealed class EventParser(DateTimeOffset now) : IItemParser<EngagementMessage>
{
    private const string NumberRule = "must be a number from -10000000000 to 10000000000";
    private const string PositionRule = "must be a number of seconds from 0 to 10000000000";
    private const string DurationRule = "must be a number of seconds above 0, up to 10000000000";
    private const string RateRule = "must be a number of stars from 0.5 to 5 for the type rate";

    private const EventField Required = EventField.UserId | EventField.TitleId | EventField.Type;

    private readonly long _now = now.ToUnixTimeMilliseconds();
    private readonly long _latest = now.Add(GatewayLimits.FutureTolerance).ToUnixTimeMilliseconds();
    private EngagementMessage? _previous;

    public string Noun => "events";

    public EngagementMessage? Parse(ref Utf8JsonReader reader, ItemErrors errors)
    {
        EventField named = default, present = default;
        string? eventId = null, userId = null, titleId = null, sessionId = null, recommendationId = null, country = null, device = null;
        double? value = null, position = null, duration = null;
        long? occurredAt = null;
        EngagementType? type = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = EventFields.Find(ref reader);
            if (field == EventField.None || (named & field) != 0)
            {
                errors.Add(JsonFields.ReadName(ref reader), field == EventField.None ? "is not a field of an event" : "appears more than once");
                reader.Skip();
                continue;
            }

            named |= field;
            reader.Read();
            present |= reader.TokenType == JsonTokenType.Null ? EventField.None : field;
            switch (field)
            {
                case EventField.EventId:
                    eventId = JsonFields.ReadId(ref reader, "eventId", errors);
                    break;
                case EventField.UserId:
                    userId = JsonFields.ReadId(ref reader, "userId", errors, _previous?.UserId);
                    break;
                case EventField.TitleId:
                    titleId = JsonFields.ReadId(ref reader, "titleId", errors, _previous?.TitleId);
                    break;
                case EventField.Type:
                    type = ReadType(ref reader, errors);
                    break;
                case EventField.Value:
                    value = JsonFields.ReadNumber(ref reader, "value", -GatewayLimits.NumberMagnitude, GatewayLimits.NumberMagnitude, NumberRule, errors);
                    break;
                case EventField.PositionSeconds:
                    position = JsonFields.ReadNumber(ref reader, "positionSeconds", 0, GatewayLimits.NumberMagnitude, PositionRule, errors);
                    break;
                case EventField.DurationSeconds:
                    duration = JsonFields.ReadNumber(ref reader, "durationSeconds", double.Epsilon, GatewayLimits.NumberMagnitude, DurationRule, errors);
                    break;
                case EventField.OccurredAt:
                    occurredAt = JsonInstants.Read(ref reader, "occurredAt", _latest, "must not be more than five minutes in the future", errors);
                    break;
                case EventField.SessionId:
                    sessionId = JsonFields.ReadText(ref reader, "sessionId", GatewayLimits.LabelLength, errors, _previous?.SessionId);
                    break;
                case EventField.RecommendationId:
                    recommendationId = JsonFields.ReadText(ref reader, "recommendationId", GatewayLimits.LabelLength, errors, _previous?.RecommendationId);
                    break;
                case EventField.Country:
                    country = JsonFields.ReadCountry(ref reader, "country", errors);
                    break;
                case EventField.Device:
                    device = JsonFields.ReadText(ref reader, "device", GatewayLimits.LabelLength, errors, _previous?.Device);
                    break;
            }
        }

        CheckWhole(present, type, value, errors);
        if (errors.Any)
        {
            return null;
        }

        _previous = new EngagementMessage
        {
            EventId = eventId ?? "",
            UserId = userId!,
            TitleId = titleId!,
            Type = type!.Value,
            OccurredAt = occurredAt ?? _now,
            Value = value,
            PositionSeconds = position,
            DurationSeconds = duration,
            SessionId = sessionId,
            RecommendationId = recommendationId,
            Country = country,
            Device = device,
        };
        return eventId is null ? _previous = _previous with { EventId = DerivedEventId.Of(_previous, occurredAt) } : _previous;
    }

    private static void CheckWhole(EventField present, EngagementType? type, double? value, ItemErrors errors)
    {
        if ((present & Required) != Required)
        {
            RequireField(present, EventField.UserId, "userId", errors);
            RequireField(present, EventField.TitleId, "titleId", errors);
            RequireField(present, EventField.Type, "type", errors);
        }

        // A value that is no number has been reported already.
        var isSound = value is not null || (present & EventField.Value) == 0;
        if (type == EngagementType.Rate && isSound && value is null or < 0.5 or > 5)
        {
            errors.Add("value", RateRule);
        }
    }

    private static void RequireField(EventField present, EventField field, string name, ItemErrors errors)
    {
        if ((present & field) == 0)
        {
            errors.Add(name, "is required");
        }
    }

    private static EngagementType? ReadType(ref Utf8JsonReader reader, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        EngagementType? type = null;
        if (reader.TokenType == JsonTokenType.String)
        {
            type = !reader.ValueIsEscaped
                ? EngagementTypeNames.Parse(reader.ValueSpan)
                : JsonFields.TryUnescape(ref reader, 14) is { } word ? EngagementTypeNames.Parse(System.Text.Encoding.UTF8.GetBytes(word)) : null;
        }

        if (type is null)
        {
            errors.Add("type", EngagementTypeNames.Rule);
            reader.Skip();
        }

        return type;
    }
}
