using System.Text.Json;
using Marquee.Engine.Catalogue;
using Marquee.Engine.Events;
using ClientEvent = Marquee.Client.Events.EngagementEvent;
using ClientTitle = Marquee.Client.Titles.Title;
using ClientWindow = Marquee.Client.Titles.AvailabilityWindow;

namespace Marquee.Cli.DataSets;

/// <summary>Titles and events between the API's form and the engine's, for commands that run the engine themselves.</summary>
internal static class EngineMapping
{
    private const int IdLengthMax = 128;

    private static readonly Dictionary<string, EngagementType> TypeOf =
        Enum.GetValues<EngagementType>().ToDictionary(static type => JsonNamingPolicy.CamelCase.ConvertName($"{type}"), StringComparer.Ordinal);

    /// <summary>Reads an event; one that is evaluated needs a time.</summary>
    /// <param name="source">The event; has an id.</param>
    /// <param name="read">The same for the engine.</param>
    /// <returns>The first field that does not hold what a node would take, or null.</returns>
    public static FieldFault? Read(ClientEvent source, out EngagementEvent? read)
    {
        read = null;
        var fault = Id("userId", source.UserId) ?? Id("titleId", source.TitleId) ?? Id("eventId", source.EventId!);
        if (fault is not null)
        {
            return fault;
        }

        if (!TypeOf.TryGetValue(source.Type.Name ?? "", out var type))
        {
            return new("type", $"'{source.Type.Name}' is none of {string.Join(", ", TypeOf.Keys)}");
        }

        if (source.OccurredAt is not { } time)
        {
            return new("occurredAt", "is needed: events are evaluated in the order of their times");
        }

        if (type == EngagementType.Rate && source.Value is not (>= 0.5 and <= 5))
        {
            return new("value", "must be a number of stars from 0.5 to 5 for the type rate");
        }

        if (source.PositionSeconds is not (null or >= 0 and < double.PositiveInfinity))
        {
            return new("positionSeconds", "must be at least 0");
        }

        if (source.DurationSeconds is not (null or > 0 and < double.PositiveInfinity))
        {
            return new("durationSeconds", "must be above 0");
        }

        if (Country("country", source.Country) is { } strange)
        {
            return strange;
        }

        read = new EngagementEvent
        {
            EventId = source.EventId!,
            UserId = source.UserId,
            TitleId = source.TitleId,
            Type = type,
            OccurredAt = time.ToUnixTimeMilliseconds(),
            Value = source.Value,
            PositionSeconds = source.PositionSeconds,
            DurationSeconds = source.DurationSeconds,
            SessionId = source.SessionId,
            RecommendationId = source.RecommendationId,
            Country = source.Country?.ToUpperInvariant(),
            Device = source.Device,
        };
        return null;
    }

    /// <summary>Reads a title.</summary>
    /// <param name="source">The title.</param>
    /// <param name="read">The same for the engine.</param>
    /// <returns>The first field that does not hold what a node would take, or null.</returns>
    public static FieldFault? Read(ClientTitle source, out TitleMetadata? read)
    {
        read = null;
        if (Id("titleId", source.TitleId) is { } fault)
        {
            return fault;
        }

        if (source.Name.Length == 0)
        {
            return new("name", "is empty");
        }

        var kind = TitleKind.Film;
        if (source.Kind is { } word && !(word.All(char.IsAsciiLetterLower) && Enum.TryParse(word, ignoreCase: true, out kind)))
        {
            return new("kind", $"'{word}' is none of film, series, season, episode");
        }

        foreach (var window in source.Availability ?? [])
        {
            if (Country("availability", window.Country) is { } strange)
            {
                return strange;
            }
        }

        read = new TitleMetadata
        {
            TitleId = source.TitleId,
            Name = source.Name,
            Kind = kind,
            ReleasedAt = source.ReleaseDate is { } day ? new DateTimeOffset(day, default, TimeSpan.Zero).ToUnixTimeMilliseconds() : null,
            ReleaseYear = source.ReleaseYear,
            Genres = source.Genres ?? [],
            Tags = source.Tags ?? [],
            Languages = source.Languages ?? [],
            Countries = source.Countries ?? [],
            RuntimeSeconds = source.RuntimeSeconds,
            Maturity = source.Maturity,
            People = source.People ?? [],
            Owner = source.Owner,
            Exclusive = source.Exclusive ?? false,
            SeriesId = source.SeriesId,
            Season = source.Season,
            Episode = source.Episode,
            Availability = [.. (source.Availability ?? []).Select(static window => new AvailabilityWindow(
                window.Country.ToUpperInvariant(), window.From?.ToUnixTimeMilliseconds(), window.Until?.ToUnixTimeMilliseconds()))],
            Description = source.Description,
        };
        return null;
    }

    /// <summary>An event as a node takes it.</summary>
    public static ClientEvent ToClient(EngagementEvent engagement) => new()
    {
        EventId = engagement.EventId,
        UserId = engagement.UserId,
        TitleId = engagement.TitleId,
        Type = new Client.Events.EngagementType(JsonNamingPolicy.CamelCase.ConvertName($"{engagement.Type}")),
        Value = engagement.Value,
        PositionSeconds = engagement.PositionSeconds,
        DurationSeconds = engagement.DurationSeconds,
        OccurredAt = DateTimeOffset.FromUnixTimeMilliseconds(engagement.OccurredAt),
        SessionId = engagement.SessionId,
        RecommendationId = engagement.RecommendationId,
        Country = engagement.Country,
        Device = engagement.Device,
    };

    /// <summary>A title as a node takes it.</summary>
    public static ClientTitle ToClient(TitleMetadata title) => new()
    {
        TitleId = title.TitleId,
        Name = title.Name,
        Kind = JsonNamingPolicy.CamelCase.ConvertName($"{title.Kind}"),
        ReleaseDate = title.ReleasedAt is { } released ? DateOnly.FromDateTime(DateTimeOffset.FromUnixTimeMilliseconds(released).UtcDateTime) : null,
        ReleaseYear = title.ReleaseYear,
        Genres = title.Genres,
        Tags = title.Tags,
        Languages = title.Languages,
        Countries = title.Countries,
        RuntimeSeconds = (int?)title.RuntimeSeconds,
        Maturity = title.Maturity,
        People = title.People,
        Owner = title.Owner,
        Exclusive = title.Exclusive,
        SeriesId = title.SeriesId,
        Season = title.Season,
        Episode = title.Episode,
        Availability = [.. title.Availability.Select(static window => new ClientWindow(window.Country, TimeOf(window.From), TimeOf(window.Until)))],
        Description = title.Description,
    };

    private static DateTimeOffset? TimeOf(long? milliseconds) => milliseconds is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known) : null;

    private static FieldFault? Id(string field, string id) =>
        id.Length is > 0 and <= IdLengthMax && id.All(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '_' or '~' or '-')
            ? null
            : new(field, $"must be 1 to {IdLengthMax} letters, digits or . _ ~ -");

    private static FieldFault? Country(string field, string? code) =>
        code is null || (code.Length == 2 && code.All(char.IsAsciiLetter)) ? null : new(field, $"'{code}' is not a country code of two letters");
}

/// <summary>What is wrong with a field of an item.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Message">What is wrong.</param>
internal sealed record FieldFault(string Field, string Message);
