using Marquee.Contracts.Events;
using Marquee.Gateway.Events;

namespace Marquee.Tests.Gateway;

public sealed class DerivedEventIdTests
{
    private static readonly EngagementMessage Full = new()
    {
        EventId = "",
        UserId = "u1",
        TitleId = "t1",
        Type = EngagementType.Rate,
        OccurredAt = 1_772_366_400_000,
        Value = 4.5,
        PositionSeconds = 10,
        DurationSeconds = 100,
        SessionId = "s1",
        RecommendationId = "r1",
        Country = "US",
        Device = "tv",
    };

    private static readonly EngagementMessage Bare = new() { EventId = "", UserId = "u1", TitleId = "t1", Type = EngagementType.Play, OccurredAt = 7 };

    // Ids that were derived once are in the log: a change here makes retries of old events new ones.
    [Fact]
    public void Of_KnownContent_NeverChanges()
    {
        Assert.Equal("d-6d12702d10a00bb81192a08dd0abe6e8", DerivedEventId.Of(Full, Full.OccurredAt));
        Assert.Equal("d-74c2903e2392b613f6db18a32763ce72", DerivedEventId.Of(Bare, null));
    }

    [Fact]
    public void Of_OccurredAtNotSent_DoesNotDependOnTheMomentOfArrival() =>
        Assert.Equal(DerivedEventId.Of(Bare, null), DerivedEventId.Of(Bare with { OccurredAt = 8 }, null));

    [Fact]
    public void Of_AnyFieldDiffers_Differs()
    {
        EngagementMessage[] variants =
        [
            Full,
            Full with { UserId = "u2" },
            Full with { TitleId = "t2" },
            Full with { UserId = "u1t1", TitleId = "" },
            Full with { Type = EngagementType.Like },
            Full with { Value = null },
            Full with { Value = 4 },
            Full with { PositionSeconds = null },
            Full with { PositionSeconds = 11 },
            Full with { PositionSeconds = null, DurationSeconds = 10 },
            Full with { DurationSeconds = null },
            Full with { DurationSeconds = 101 },
            Full with { SessionId = null },
            Full with { SessionId = "s2" },
            Full with { SessionId = "r1", RecommendationId = "s1" },
            Full with { RecommendationId = null },
            Full with { Country = null },
            Full with { Country = "DE" },
            Full with { Device = null },
            Full with { Device = "phone" },
        ];

        var ids = variants.Select(variant => DerivedEventId.Of(variant, variant.OccurredAt))
            .Append(DerivedEventId.Of(Full, null))
            .Append(DerivedEventId.Of(Full, Full.OccurredAt + 1))
            .ToList();

        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public void Of_MinusZero_IsZero() =>
        Assert.Equal(DerivedEventId.Of(Bare with { Value = 0.0 }, null), DerivedEventId.Of(Bare with { Value = -0.0 }, null));

    [Fact]
    public void Of_LongestTexts_FitTheBuffer()
    {
        var widest = new string('€', 128);
        var longest = Full with { UserId = widest, TitleId = widest, SessionId = widest, RecommendationId = widest, Device = widest };

        Assert.Equal(34, DerivedEventId.Of(longest, 1).Length);
    }
}
