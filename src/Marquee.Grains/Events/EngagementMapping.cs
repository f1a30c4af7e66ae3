using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using EngagementType = Marquee.Engine.Events.EngagementType;

namespace Marquee.Grains.Events;

/// <summary>Between the wire's and the engine's event.</summary>
internal static class EngagementMapping
{
    public static EngagementEvent ToEngine(this EngagementMessage message) => new()
    {
        EventId = message.EventId,
        UserId = message.UserId,
        TitleId = message.TitleId,
        Type = (EngagementType)message.Type,
        OccurredAt = message.OccurredAt,
        Value = message.Value,
        PositionSeconds = message.PositionSeconds,
        DurationSeconds = message.DurationSeconds,
        SessionId = message.SessionId,
        RecommendationId = message.RecommendationId,
        Country = message.Country,
        Device = message.Device,
    };

    public static EngagementMessage ToMessage(this EngagementEvent engagement) => new()
    {
        EventId = engagement.EventId,
        UserId = engagement.UserId,
        TitleId = engagement.TitleId,
        Type = (Contracts.Events.EngagementType)engagement.Type,
        OccurredAt = engagement.OccurredAt,
        Value = engagement.Value,
        PositionSeconds = engagement.PositionSeconds,
        DurationSeconds = engagement.DurationSeconds,
        SessionId = engagement.SessionId,
        RecommendationId = engagement.RecommendationId,
        Country = engagement.Country,
        Device = engagement.Device,
    };
}
