using System.Globalization;
using System.Text.Json;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Bodies;

namespace Marquee.Gateway.Titles;

/// <summary>Reads and checks titles. Unknown fields and repeated fields are errors that name them; null counts as absent.</summary>
/// <param name="expectedId">The id in the path of a PUT, which the body need not repeat but must not contradict; null for a batch.</param>
internal sealed class TitleParser(string? expectedId) : IItemParser<TitleMessage>
{
    public string Noun => "titles";

    public TitleMessage? Parse(ref Utf8JsonReader reader, ItemErrors errors)
    {
        var named = new HashSet<string>(StringComparer.Ordinal);
        var title = new TitleMessage { TitleId = expectedId ?? "", Name = "" };
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = JsonFields.ReadName(ref reader);
            if (!named.Add(field))
            {
                errors.Add(field, "appears more than once");
                reader.Skip();
                continue;
            }

            reader.Read();
            title = ReadField(ref reader, field, title, errors);
        }

        CheckWhole(title, errors);
        return errors.Any ? null : title with { ReleaseYear = title.ReleaseYear ?? title.ReleaseDate?.Year };
    }

    private TitleMessage ReadField(ref Utf8JsonReader reader, string field, TitleMessage title, ItemErrors errors)
    {
        switch (field)
        {
            case "titleId":
                return title with { TitleId = ReadTitleId(ref reader, errors) };
            case "name":
                // A name that was refused is not also reported as missing.
                return title with { Name = reader.TokenType == JsonTokenType.Null ? "" : JsonFields.ReadText(ref reader, field, TitleLimits.NameLength, errors) ?? "?" };
            case "kind":
                return title with { Kind = ReadKind(ref reader, errors) };
            case "releaseDate":
                return title with { ReleaseDate = ReadDate(ref reader, errors) };
            case "releaseYear":
                return title with { ReleaseYear = JsonFields.ReadInteger(ref reader, field, TitleLimits.YearMin, TitleLimits.YearMax, errors) };
            case "genres":
                return title with { Genres = JsonLists.ReadTexts(ref reader, field, TitleLimits.ListLength, TitleLimits.WordLength, errors) };
            case "tags":
                return title with { Tags = JsonLists.ReadTexts(ref reader, field, TitleLimits.ListLength, TitleLimits.WordLength, errors) };
            case "languages":
                return title with { Languages = JsonLists.ReadTexts(ref reader, field, TitleLimits.ListLength, TitleLimits.LanguageLength, errors) };
            case "countries":
                return title with { Countries = JsonLists.ReadCountries(ref reader, field, TitleLimits.ListLength, errors) };
            case "runtimeSeconds":
                return title with { RuntimeSeconds = JsonFields.ReadInteger(ref reader, field, 1, TitleLimits.RuntimeSecondsMax, errors) };
            case "maturity":
                return title with { Maturity = JsonFields.ReadText(ref reader, field, TitleLimits.MaturityLength, errors) };
            case "people":
                return title with { People = JsonLists.ReadTexts(ref reader, field, TitleLimits.ListLength, TitleLimits.WordLength, errors) };
            case "owner":
                return title with { Owner = JsonFields.ReadText(ref reader, field, TitleLimits.OwnerLength, errors) };
            case "exclusive":
                return title with { Exclusive = JsonFields.ReadFlag(ref reader, field, errors) };
            case "seriesId":
                return title with { SeriesId = JsonFields.ReadId(ref reader, field, errors) };
            case "season":
                return title with { Season = JsonFields.ReadInteger(ref reader, field, 0, TitleLimits.NumberMax, errors) };
            case "episode":
                return title with { Episode = JsonFields.ReadInteger(ref reader, field, 0, TitleLimits.NumberMax, errors) };
            case "availability":
                return title with { Availability = AvailabilityParser.Parse(ref reader, field, errors) };
            case "description":
                return title with { Description = JsonFields.ReadText(ref reader, field, TitleLimits.DescriptionLength, errors) };
            default:
                errors.Add(field, "is not a field of a title");
                reader.Skip();
                return title;
        }
    }

    private string ReadTitleId(ref Utf8JsonReader reader, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return expectedId ?? "";
        }

        var titleId = JsonFields.ReadId(ref reader, "titleId", errors);
        if (titleId is not null && expectedId is not null && titleId != expectedId)
        {
            errors.Add("titleId", $"must be {expectedId}, as in the path, or be left out");
        }

        // An id that was refused is not also reported as missing.
        return titleId ?? "?";
    }

    private static TitleKind ReadKind(ref Utf8JsonReader reader, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return TitleKind.Film;
        }

        var kind = reader.TokenType == JsonTokenType.String ? TitleKindNames.Parse(JsonFields.TryUnescape(ref reader, 16)) : null;
        if (kind is null)
        {
            errors.Add("kind", TitleKindNames.Rule);
            reader.Skip();
        }

        return kind ?? TitleKind.Film;
    }

    private static DateOnly? ReadDate(ref Utf8JsonReader reader, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (reader.TokenType == JsonTokenType.String
            && DateOnly.TryParseExact(JsonFields.TryUnescape(ref reader, 10), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date.Year is >= TitleLimits.YearMin and <= TitleLimits.YearMax)
        {
            return date;
        }

        errors.Add("releaseDate", $"must be a date like 2026-03-01, from the year {TitleLimits.YearMin} to {TitleLimits.YearMax}");
        reader.Skip();
        return null;
    }

    private static void CheckWhole(TitleMessage title, ItemErrors errors)
    {
        if (title.TitleId.Length == 0)
        {
            errors.Add("titleId", "is required");
        }

        if (title.Name.Length == 0)
        {
            errors.Add("name", "is required");
        }

        if (title is { ReleaseDate: { } date, ReleaseYear: { } year } && date.Year != year)
        {
            errors.Add("releaseYear", "must be the year of releaseDate, or be left out");
        }
    }
}
