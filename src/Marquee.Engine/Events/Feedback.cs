namespace Marquee.Engine.Events;

/// <summary>What an event says about the viewer's taste.</summary>
public enum FeedbackKind : byte
{
    /// <summary>Nothing: an impression, a click, a short progress.</summary>
    Neutral = 0,

    /// <summary>The viewer liked it.</summary>
    Positive = 1,

    /// <summary>The viewer did not.</summary>
    Negative = 2,
}

/// <summary>Reads taste out of events: the one definition of positive and negative.</summary>
public static class Feedback
{
    /// <summary>The share of a title that has to be watched for play and progress to count as liking it.</summary>
    public const double WatchedShare = 0.5;

    /// <summary>The fewest stars that count as liking it.</summary>
    public const double PositiveStars = 4;

    /// <summary>The most stars that count as not liking it.</summary>
    public const double NegativeStars = 2;

    /// <summary>The kind of feedback that an event gives.</summary>
    public static FeedbackKind KindOf(EngagementEvent engagement) => engagement.Type switch
    {
        EngagementType.Complete or EngagementType.Like or EngagementType.AddToList => FeedbackKind.Positive,
        EngagementType.Rate when engagement.Value >= PositiveStars => FeedbackKind.Positive,
        EngagementType.Rate when engagement.Value <= NegativeStars => FeedbackKind.Negative,
        EngagementType.Play or EngagementType.Progress when WatchedShareOf(engagement) is { } share =>
            share >= WatchedShare ? FeedbackKind.Positive : FeedbackKind.Neutral,

        // A play that tells no position is a decision to watch; only what is known to be short is no sign of liking.
        EngagementType.Play => FeedbackKind.Positive,
        EngagementType.Abandon or EngagementType.Dislike or EngagementType.Hide => FeedbackKind.Negative,
        _ => FeedbackKind.Neutral,
    };

    /// <summary>Whether the event is a verdict on the title, good or bad: the denominator of approval.</summary>
    public static bool IsVerdict(EngagementEvent engagement) =>
        engagement.Type is EngagementType.Complete or EngagementType.Abandon or EngagementType.Like or EngagementType.Dislike
            or EngagementType.Rate or EngagementType.AddToList or EngagementType.Hide;

    /// <summary>The share of the title that was watched, 0 to 1; null when the event does not tell.</summary>
    public static double? WatchedShareOf(EngagementEvent engagement) =>
        engagement is { PositionSeconds: { } position, DurationSeconds: > 0 and { } duration }
            ? Math.Clamp(position / duration, 0, 1)
            : null;
}
