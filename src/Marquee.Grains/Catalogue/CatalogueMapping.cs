using Marquee.Contracts.Catalogue;
using Marquee.Contracts.Titles;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Titles;
using AvailabilityWindow = Marquee.Engine.Catalogue.AvailabilityWindow;
using TitleKind = Marquee.Engine.Catalogue.TitleKind;

namespace Marquee.Grains.Catalogue;

/// <summary>From the wire's to the engine's catalogue rows.</summary>
internal static class CatalogueMapping
{
    public static CatalogueRow ToEngine(this CatalogueRowMessage row, TitleTable titles) => new(
        row.TitleId,
        row.Metadata?.ToEngine(),
        row.Live is { } live ? TitleSummary.FromBytes(live.Summary.Span, titles) : TitleSummary.Empty);

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
