using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Titles;
using Marquee.Grains.Titles;
using AvailabilityWindow = Marquee.Engine.Catalogue.AvailabilityWindow;
using TitleKind = Marquee.Engine.Catalogue.TitleKind;

namespace Marquee.Grains.Catalogue;

/// <summary>From the wire's to the engine's catalogue rows.</summary>
internal static class CatalogueMapping
{
    /// <summary>The whole row after a change: the parts that are told, the others as they were.</summary>
    /// <param name="row">The change.</param>
    /// <param name="before">The title before it, or null.</param>
    /// <param name="titles">Numbers the neighbours.</param>
    public static CatalogueRow ToEngine(this CatalogueRowMessage row, TitleEntry? before, TitleNumbers titles) => new(
        row.TitleId,
        row.Parts.HasFlag(CatalogueParts.Metadata) ? row.Metadata?.ToEngine() : before?.Metadata,
        row.Parts.HasFlag(CatalogueParts.Live) ? row.Live?.Totals.ToEngine() ?? TitleSummary.Empty : before?.Statistics ?? TitleSummary.Empty,
        row.Parts.HasFlag(CatalogueParts.Neighbours) ? row.Neighbours?.ToEngine(titles) ?? TitleNeighbours.None : before?.Neighbours ?? TitleNeighbours.None);

    public static TitleMetadata ToEngine(this TitleMessage title) => new()
    {
        TitleId = title.TitleId,
        Name = title.Name,
        Kind = (TitleKind)title.Kind,
        ReleasedAt = title.ReleaseDate is { } date
            ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero).ToUnixTimeMilliseconds()
            : null,
        ReleaseYear = title.ReleaseYear,
        Genres = title.Genres,
        Tags = title.Tags,
        Languages = title.Languages,
        Countries = title.Countries,
        RuntimeSeconds = title.RuntimeSeconds,
        Maturity = title.Maturity,
        People = title.People,
        Owner = title.Owner,
        Exclusive = title.Exclusive ?? false,
        SeriesId = title.SeriesId,
        Season = title.Season,
        Episode = title.Episode,
        Availability = [.. title.Availability.Select(window => new AvailabilityWindow(window.Country, window.From, window.Until))],
        Description = title.Description,
    };
}
