namespace Marquee.Engine.Events;

/// <summary>The scale that a ratings file uses.</summary>
public enum RatingScale
{
    /// <summary>Stars, 0 to 5, as MovieLens.</summary>
    FiveStar,

    /// <summary>Points, 0 to 10, as IMDb and MovieTweetings.</summary>
    TenPoint,
}
