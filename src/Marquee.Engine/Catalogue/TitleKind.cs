namespace Marquee.Engine.Catalogue;

/// <summary>What a title is. Numbers are stored and never reused.</summary>
public enum TitleKind : byte
{
    /// <summary>A film, or anything that stands alone.</summary>
    Film = 0,

    /// <summary>A series as a whole.</summary>
    Series = 1,

    /// <summary>One season of a series.</summary>
    Season = 2,

    /// <summary>One episode of a series.</summary>
    Episode = 3,
}
