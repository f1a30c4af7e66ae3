namespace Marquee.Contracts.Events;

/// <summary>What a viewer did with a title, as it crosses the wire. The numbers equal the engine's and are never reused.</summary>
public enum EngagementType : byte
{
    /// <summary>The title was shown.</summary>
    Impression = 1,

    /// <summary>The title's page was opened.</summary>
    Click = 2,

    /// <summary>Playback began or went on.</summary>
    Play = 3,

    /// <summary>Playback reached a position.</summary>
    Progress = 4,

    /// <summary>The title was watched to its end.</summary>
    Complete = 5,

    /// <summary>Playback was given up.</summary>
    Abandon = 6,

    /// <summary>Thumbs up.</summary>
    Like = 7,

    /// <summary>Thumbs down.</summary>
    Dislike = 8,

    /// <summary>A rating of 0.5 to 5 stars.</summary>
    Rate = 9,

    /// <summary>Put on the viewer's list.</summary>
    AddToList = 10,

    /// <summary>Taken off the viewer's list.</summary>
    RemoveFromList = 11,

    /// <summary>Not interested.</summary>
    Hide = 12,

    /// <summary>Undoes a hide.</summary>
    Unhide = 13,
}
