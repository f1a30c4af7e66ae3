using Marquee.Engine.Titles;

namespace Marquee.Engine.Catalogue;

/// <summary>One title in a snapshot, in the shape that ranking reads. Immutable.</summary>
public sealed class TitleEntry
{
    /// <summary>The earliest year that year profiles tell apart.</summary>
    public const int FirstYear = 1900;

    /// <summary>How many years they tell apart.</summary>
    public const int Years = 160;

    private string? _asReason;
    private GenreReason[]? _genresAsReasons;

    /// <summary>Shapes a row.</summary>
    /// <param name="row">What is known of the title.</param>
    /// <param name="previous">The same title before the change, whose parts are reused where they still hold.</param>
    /// <param name="titles">Numbers the titles.</param>
    public TitleEntry(CatalogueRow row, TitleEntry? previous, TitleTable titles)
    {
        Metadata = row.Metadata;
        Statistics = row.Statistics;
        Neighbours = row.Neighbours;
        Number = titles.NumberOf(row.TitleId);
        TitleId = titles.IdOf(Number);
        if (previous is not null && ReferenceEquals(previous.Metadata, Metadata))
        {
            (Genres, Details, YearSlot) = (previous.Genres, previous.Details, previous.YearSlot);
            (_asReason, _genresAsReasons) = (previous._asReason, previous._genresAsReasons);
        }
        else if (Metadata is not null)
        {
            Genres = ContentFeatures.GenresOf(Metadata);
            Details = ContentFeatures.DetailsOf(Metadata);
            YearSlot = ReleaseYear is { } year ? Math.Clamp(year - FirstYear, 0, Years - 1) : -1;
        }
    }

    /// <summary>The title.</summary>
    public string TitleId { get; }

    /// <summary>The title's number in the process's title table.</summary>
    public int Number { get; }

    /// <summary>What the service said; null for a stub.</summary>
    public TitleMetadata? Metadata { get; }

    /// <summary>What its engagement says.</summary>
    public TitleSummary Statistics { get; }

    /// <summary>Buckets of its genres.</summary>
    public int[] Genres { get; } = [];

    /// <summary>Buckets of its other metadata.</summary>
    public int[] Details { get; } = [];

    /// <summary>Year of release since <see cref="FirstYear"/>; −1 when unknown.</summary>
    public int YearSlot { get; } = -1;

    /// <summary>Its strongest neighbours.</summary>
    public TitleNeighbours Neighbours { get; }

    /// <summary>Why others are recommended to who watched it, for people. Made when it is first asked for, since few titles ever are.</summary>
    /// <remarks>Two threads may both make it; they get the same.</remarks>
    internal string AsReason => _asReason ??= $"Because you watched {Metadata?.Name ?? TitleId}";

    /// <summary>Why it is recommended to who likes one of its genres, for people; in the order of its genres. Empty for a stub.</summary>
    /// <remarks>As with <see cref="AsReason"/>.</remarks>
    internal GenreReason[] GenresAsReasons =>
        _genresAsReasons ??= Metadata is null ? [] : [.. Metadata.Genres.Select(static genre => new GenreReason(ContentFeatures.Bucket("genre", genre), $"Because you like {genre}"))];

    /// <summary>Whether it may appear in a slate at all.</summary>
    public bool IsRecommendable => Metadata is not null;

    /// <summary>The year of release, from the day or the year of the metadata.</summary>
    public int? ReleaseYear => Metadata switch
    {
        { ReleasedAt: { } at } => DateTimeOffset.FromUnixTimeMilliseconds(at).Year,
        { ReleaseYear: { } year } => year,
        _ => null,
    };
}

/// <summary>A genre as a reason.</summary>
/// <param name="Bucket">The genre's, see <see cref="ContentFeatures.Bucket"/>.</param>
/// <param name="Text">The reason, for people.</param>
internal readonly record struct GenreReason(int Bucket, string Text);
