namespace Marquee.Engine.Events;

/// <summary>What a viewer did with a title. Numbers are written to the log and never reused.</summary>
public enum EngagementType : byte
{
    /// <summary>The title was shown. Neither good nor bad; the denominator of click-through and of exploration.</summary>
    Impression = 1,

    /// <summary>The title's page was opened.</summary>
    Click = 2,

    /// <summary>Playback began (or went on); position and duration tell how much was watched.</summary>
    Play = 3,

    /// <summary>Playback reached a position.</summary>
    Progress = 4,

    /// <summary>The title was watched to its end.</summary>
    Complete = 5,

    /// <summary>Playback was given up.</summary>
    Abandon = 6,

    /// <summary>Thumbs up.</summary>
    Like = 7,

    /// <summary>Thumbs down; the title is gone from the next answer.</summary>
    Dislike = 8,

    /// <summary>A rating of 0.5 to 5 stars.</summary>
    Rate = 9,

    /// <summary>Put on the viewer's list.</summary>
    AddToList = 10,

    /// <summary>Taken off the viewer's list.</summary>
    RemoveFromList = 11,

    /// <summary>Not interested; the title is gone from the next answer.</summary>
    Hide = 12,

    /// <summary>Undoes <see cref="Hide"/>.</summary>
    Unhide = 13,
}
