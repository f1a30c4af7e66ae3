using System.Collections.Immutable;
using System.Text.Json;

namespace Marquee.Gateway.Bodies;

/// <summary>Reads lists of texts, or says what is wrong with them. Null counts as empty.</summary>
internal static class JsonLists
{
    /// <summary>Texts of 1 to <paramref name="lengthMax"/> characters.</summary>
    public static ImmutableArray<string> ReadTexts(ref Utf8JsonReader reader, string field, int countMax, int lengthMax, ItemErrors errors) =>
        Read(ref reader, field, countMax, lengthMax, isCountry: false, errors);

    /// <summary>Country codes, in upper case.</summary>
    public static ImmutableArray<string> ReadCountries(ref Utf8JsonReader reader, string field, int countMax, ItemErrors errors) =>
        Read(ref reader, field, countMax, 2, isCountry: true, errors);

    private static ImmutableArray<string> Read(ref Utf8JsonReader reader, string field, int countMax, int lengthMax, bool isCountry, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return [];
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            errors.Add(field, "must be a list of texts");
            reader.Skip();
            return [];
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        var count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count++ >= countMax)
            {
                reader.Skip();
                continue;
            }

            var entry = $"{field}[{count - 1}]";
            if (reader.TokenType == JsonTokenType.Null)
            {
                errors.Add(entry, "must not be null");
                continue;
            }

            var text = isCountry
                ? JsonFields.ReadCountry(ref reader, entry, errors)
                : JsonFields.ReadText(ref reader, entry, lengthMax, errors);
            if (text is not null)
            {
                texts.Add(text);
            }
        }

        if (count > countMax)
        {
            errors.Add(field, $"must have at most {countMax} entries");
        }

        return texts.ToImmutable();
    }
}
