namespace Marquee.Engine.Recommendations;

/// <summary>The ordered answer for one surface.</summary>
/// <param name="Surface">The placement.</param>
/// <param name="ModelVersion">The model that ranked.</param>
/// <param name="Source"><c>personal</c> when the viewer's past spoke, else <c>popular</c>.</param>
/// <param name="Items">Best first.</param>
/// <param name="Anchor">The title that the row starts from, if it does.</param>
public sealed record RankedSlate(string Surface, string ModelVersion, string Source, IReadOnlyList<RankedTitle> Items, string? Anchor = null)
{
    /// <summary><see cref="Source"/> when the viewer's past spoke.</summary>
    public const string Personal = "personal";

    /// <summary><see cref="Source"/> when nothing is known of the viewer.</summary>
    public const string Popular = "popular";
}

/// <summary>One slot of a slate.</summary>
/// <param name="Number">The title's number in the process's title table.</param>
/// <param name="TitleId">The title.</param>
/// <param name="Score">Exactly the sum of the parts, in their order.</param>
/// <param name="Reason">For people.</param>
public readonly record struct RankedTitle(int Number, string TitleId, double Score, string Reason)
{
    /// <summary>The title of the viewer's past that the reason names, if any.</summary>
    public string? BecauseTitleId { get; init; }

    /// <summary>The named parts of the score; empty unless asked for.</summary>
    public IReadOnlyList<RankedPart> Parts { get; init; } = [];

    /// <summary><see cref="Origin"/> of a slot given to an uncertain title.</summary>
    public const string Explored = "explore";

    /// <summary><c>ranked</c>, or <c>explore</c> for a slot given to an uncertain title.</summary>
    public string Origin { get; init; } = "ranked";

    /// <summary>The chance with which the slate explored this title, for <see cref="Explored"/>.</summary>
    public double? Propensity { get; init; }

    /// <summary>How much of the title has been watched, 0 to 1; for continue watching.</summary>
    public double? WatchedShare { get; init; }
}

/// <summary>A named part of a score.</summary>
/// <param name="Name">The feature.</param>
/// <param name="Value">What it adds.</param>
/// <param name="TitleId">The title of the viewer's past that it comes from, if it comes from one.</param>
public readonly record struct RankedPart(string Name, double Value, string? TitleId);
