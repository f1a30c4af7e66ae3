using CsCheck;
using Marquee.Engine.Events;

namespace Marquee.Tests.Events;

/// <summary>Generates events and log entries for property tests.</summary>
internal static class EngagementGenerator
{
    private static readonly Gen<string> EventIds = Gen.OneOf(
        Gen.Guid.Select(guid => guid.ToString("D")),
        Gen.Guid.Select(guid => guid.ToString("D").ToUpperInvariant()),
        Gen.ULong.Select(Gen.ULong, (high, low) => $"d-{high:x16}{low:x16}"),
        Gen.String[Gen.Char.AlphaNumeric, 1, 40]);

    /// <summary>Events of a few users and titles, so that they meet.</summary>
    public static Gen<EngagementEvent> Events { get; } =
        from eventId in EventIds
        from user in Gen.Int[0, 5]
        from title in Gen.Int[0, 12]
        from type in Gen.Int[1, 13]
        from occurredAt in Gen.Long[1_300_000_000_000, 1_300_900_000_000]
        from value in Gen.OneOf(Gen.Const((double?)null), Gen.Int[1, 10].Select(stars => (double?)(stars / 2.0)))
        from position in Gen.OneOf(Gen.Const((double?)null), Gen.Int[0, 7200].Select(seconds => (double?)seconds))
        from text in Gen.OneOf(Gen.Const((string?)null), Gen.String[0, 12].Select(text => (string?)text.Replace('\ud800', 'x')))
        select new EngagementEvent
        {
            EventId = eventId,
            UserId = $"u{user}",
            TitleId = $"t{title}",
            Type = (EngagementType)type,
            OccurredAt = occurredAt,
            Value = value,
            PositionSeconds = position,
            DurationSeconds = position is null ? null : 7200,
            SessionId = text is null ? null : "s",
            RecommendationId = text is null ? null : "r",
            Country = text is null ? null : "DE",
            Device = text is null ? null : "tv",
        };

    /// <summary>Entries of two tenants, one in sixteen an erasure.</summary>
    public static Gen<LogEntry> Entries { get; } =
        from engagement in Events
        from tenant in Gen.Int[0, 1]
        from erase in Gen.Int[0, 15]
        select new LogEntry(tenant == 0 ? "default" : "other", engagement.UserId, erase == 0 ? null : engagement);
}
