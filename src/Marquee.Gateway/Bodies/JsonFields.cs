using System.Text;
using System.Text.Json;

namespace Marquee.Gateway.Bodies;

/// <summary>Reads the value of a field, or says what is wrong with it. Null counts as absent.</summary>
/// <remarks>The reader stands at the value's first token and is left at its last. Every method yields null when it added an error.</remarks>
internal static class JsonFields
{
    private const int NameLength = 64;

    /// <summary>An id; see <see cref="Identifier"/>.</summary>
    /// <param name="reader">Stands at the value.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="previous">The same field of the item before; given back when equal, which spares a string.</param>
    public static string? ReadId(ref Utf8JsonReader reader, string field, ItemErrors errors, string? previous = null)
    {
        if (!reader.ValueIsEscaped && reader.TokenType == JsonTokenType.String)
        {
            var bytes = reader.ValueSpan;
            if (Identifier.IsValid(bytes))
            {
                return previous is not null && Ascii.Equals(bytes, previous) ? previous : Encoding.ASCII.GetString(bytes);
            }
        }
        else if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }
        else if (reader.TokenType == JsonTokenType.String && TryUnescape(ref reader, GatewayLimits.IdLength) is { } text && Identifier.IsValid(text))
        {
            return text;
        }

        return Refuse<string>(ref reader, field, Identifier.Rule, errors);
    }

    /// <summary>A text of 1 to <paramref name="lengthMax"/> UTF-16 code units without U+0000.</summary>
    /// <param name="reader">Stands at the value.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="lengthMax">Longest text allowed.</param>
    /// <param name="errors">Receives what is wrong.</param>
    /// <param name="previous">The same field of the item before; given back when equal, which spares a string.</param>
    public static string? ReadText(ref Utf8JsonReader reader, string field, int lengthMax, ItemErrors errors, string? previous = null)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (previous is not null && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && Ascii.Equals(reader.ValueSpan, previous))
        {
            return previous;
        }

        if (reader.TokenType == JsonTokenType.String
            && TryUnescape(ref reader, lengthMax) is { Length: > 0 } text
            && text.Length <= lengthMax
            && !text.Contains('\0', StringComparison.Ordinal))
        {
            return text;
        }

        return Refuse<string>(ref reader, field, $"must be a text of 1 to {lengthMax} characters (valid Unicode, no U+0000)", errors);
    }

    /// <summary>A finite number between two bounds, both included.</summary>
    public static double? ReadNumber(ref Utf8JsonReader reader, string field, double min, double max, string rule, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        // Too large a number comes as infinity, which is outside of any bounds.
        return reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out var number) && number >= min && number <= max
            ? number
            : RefuseValue<double>(ref reader, field, rule, errors);
    }

    /// <summary>A whole number between two bounds, both included.</summary>
    public static int? ReadInteger(ref Utf8JsonReader reader, string field, int min, int max, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        return reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && number >= min && number <= max
            ? number
            : RefuseValue<int>(ref reader, field, $"must be a whole number from {min} to {max}", errors);
    }

    /// <summary>True or false.</summary>
    public static bool? ReadFlag(ref Utf8JsonReader reader, string field, ItemErrors errors) => reader.TokenType switch
    {
        JsonTokenType.Null => null,
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        _ => RefuseValue<bool>(ref reader, field, "must be true or false", errors),
    };

    /// <summary>A country, in upper case.</summary>
    public static string? ReadCountry(ref Utf8JsonReader reader, string field, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        var country = reader.TokenType != JsonTokenType.String ? null
            : reader.ValueIsEscaped ? CountryCode.Parse(TryUnescape(ref reader, 2))
            : CountryCode.Parse(reader.ValueSpan);
        return country ?? Refuse<string>(ref reader, field, CountryCode.Rule, errors);
    }

    /// <summary>The text, or null when it is longer than <paramref name="lengthMax"/> can be, or not Unicode.</summary>
    public static string? TryUnescape(ref Utf8JsonReader reader, int lengthMax)
    {
        // An escaped code unit takes six bytes; what is longer need not be decoded.
        if (reader.ValueSpan.Length > 6L * lengthMax)
        {
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            // Bytes that are not UTF-8, or half of a surrogate pair.
            return null;
        }
    }

    /// <summary>The name of the property that the reader stands at; shortened when it is longer than any field's.</summary>
    public static string ReadName(ref Utf8JsonReader reader)
    {
        var name = TryUnescape(ref reader, NameLength) ?? Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 2 * NameLength)]);
        return name.Length <= NameLength ? name : name[..NameLength] + "…";
    }

    private static T? Refuse<T>(ref Utf8JsonReader reader, string field, string rule, ItemErrors errors)
        where T : class
    {
        errors.Add(field, rule);
        reader.Skip();
        return null;
    }

    private static T? RefuseValue<T>(ref Utf8JsonReader reader, string field, string rule, ItemErrors errors)
        where T : struct
    {
        errors.Add(field, rule);
        reader.Skip();
        return null;
    }
}
