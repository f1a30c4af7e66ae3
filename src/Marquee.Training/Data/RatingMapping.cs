using Marquee.Engine.Events;

namespace Marquee.Training.Data;

/// <summary>Turns ratings of public data sets into the engagement events that a service would have sent.</summary>
public static class RatingMapping
{
    /// <summary>A rating of 0.5 to 5 stars is a rating of that many stars.</summary>
    public static (EngagementType Type, double? Value) FromStars(double stars) => (EngagementType.Rate, Math.Clamp(stars, 0.5, 5));

    /// <summary>9–10 points: a like; 7–8: watched to the end; 5–6: half as many stars; below: half as many stars, at least 0.5.</summary>
    public static (EngagementType Type, double? Value) FromTenPoints(double points) => points switch
    {
        >= 9 => (EngagementType.Like, null),
        >= 7 => (EngagementType.Complete, null),
        _ => (EngagementType.Rate, Math.Max(0.5, points / 2)),
    };
}
