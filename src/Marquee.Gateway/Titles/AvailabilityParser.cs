using System.Collections.Immutable;
using System.Text.Json;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Bodies;

namespace Marquee.Gateway.Titles;

/// <summary>Reads a title's availability: <c>[{country, from?, until?}]</c>, from before until.</summary>
internal static class AvailabilityParser
{
    private const string LatestRule = "must be before the year 2200";

    public static ImmutableArray<AvailabilityWindow> Parse(ref Utf8JsonReader reader, string field, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            errors.Add(field, "must be a list of {country, from, until}");
            reader.Skip();
            return [];
        }

        var windows = ImmutableArray.CreateBuilder<AvailabilityWindow>();
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (++count > TitleLimits.ListLength)
            {
                reader.Skip();
            }
            else if (ParseWindow(ref reader, $"{field}[{count - 1}]", errors) is { } window)
            {
                windows.Add(window);
            }
        }

        if (count > TitleLimits.ListLength)
        {
            errors.Add(field, $"must have at most {TitleLimits.ListLength} entries");
        }

        return windows.ToImmutable();
    }

    private static AvailabilityWindow? ParseWindow(ref Utf8JsonReader reader, string field, ItemErrors errors)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            errors.Add(field, "must be an object {country, from, until}");
            reader.Skip();
            return null;
        }

        string? country = null;
        long? from = null, until = null;
        var named = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = JsonFields.ReadName(ref reader);
            if (!named.Add(name))
            {
                errors.Add($"{field}.{name}", "appears more than once");
                reader.Skip();
                continue;
            }

            reader.Read();
            switch (name)
            {
                case "country":
                    country = JsonFields.ReadCountry(ref reader, $"{field}.country", errors);
                    break;
                case "from":
                    from = JsonInstants.Read(ref reader, $"{field}.from", TitleLimits.InstantMax, LatestRule, errors);
                    break;
                case "until":
                    until = JsonInstants.Read(ref reader, $"{field}.until", TitleLimits.InstantMax, LatestRule, errors);
                    break;
                default:
                    errors.Add($"{field}.{name}", "is not a field of an availability");
                    reader.Skip();
                    break;
            }
        }

        if (!named.Contains("country"))
        {
            errors.Add($"{field}.country", "is required");
        }

        if (from >= until)
        {
            errors.Add($"{field}.until", "must be after from");
        }

        return country is null ? null : new AvailabilityWindow(country, from, until);
    }
}
