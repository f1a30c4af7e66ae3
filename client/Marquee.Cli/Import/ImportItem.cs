using Marquee.Client.Events;
using Marquee.Client.Titles;

namespace Marquee.Cli.Import;

/// <summary>One title or one event, and where it stands in its file.</summary>
internal readonly record struct ImportItem
{
    public ImportItem(Title title, Place place)
    {
        Title = title;
        Place = place;
    }

    public ImportItem(EngagementEvent engagement, Place place)
    {
        Event = engagement;
        Place = place;
    }

    /// <summary>The title, or null when it is an event.</summary>
    public Title? Title { get; }

    /// <summary>The event, or null when it is a title.</summary>
    public EngagementEvent? Event { get; }

    /// <summary>Where it came from.</summary>
    public Place Place { get; }
}

/// <summary>A line of a file.</summary>
/// <param name="File">The file's name without its folder.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct Place(string File, int Line)
{
    public override string ToString() => $"{File}:{Line}";
}
