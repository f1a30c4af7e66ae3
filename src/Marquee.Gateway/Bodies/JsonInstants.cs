using System.Text.Json;

namespace Marquee.Gateway.Bodies;

/// <summary>Reads moments: ISO 8601 with time and offset, or whole milliseconds since the Unix epoch.</summary>
internal static class JsonInstants
{
    // The longest moment, 33 characters, with each of them escaped.
    private const int TextBytes = 6 * 33;

    private const string Rule = "must be a date and time with an offset (2026-03-01T20:15:00Z, ISO 8601) or whole milliseconds since 1970";

    /// <summary>A moment since 1970, in milliseconds since the Unix epoch; null when absent, or wrong and said so.</summary>
    /// <param name="reader">Stands at the value.</param>
    /// <param name="field">The field's name.</param>
    /// <param name="latest">The last moment allowed.</param>
    /// <param name="latestRule">What to say about a later one.</param>
    /// <param name="errors">Receives what is wrong.</param>
    public static long? Read(ref Utf8JsonReader reader, string field, long latest, string latestRule, ItemErrors errors)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return null;
        }

        if (!TryRead(ref reader, out var instant))
        {
            errors.Add(field, Rule);
            reader.Skip();
            return null;
        }

        if (instant < 0 || instant > latest)
        {
            errors.Add(field, instant < 0 ? "must not be before 1970" : latestRule);
            return null;
        }

        return instant;
    }

    private static bool TryRead(ref Utf8JsonReader reader, out long instant)
    {
        instant = 0;
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out instant);
        }

        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > TextBytes)
        {
            return false;
        }

        try
        {
            if (reader.TryGetDateTimeOffset(out var time) && HasOffset(ref reader))
            {
                instant = time.ToUnixTimeMilliseconds();
                return true;
            }
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair among the escapes.
        }

        return false;
    }

    // Without one the framework would take this node's time zone.
    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        Span<byte> unescaped = stackalloc byte[TextBytes];
        var text = unescaped[..reader.CopyString(unescaped)];

        // …Z, or …+hh:mm and …-hh:mm behind a time; a date alone has a minus there too.
        return text[^1] == 'Z' || (text.Length > 11 && text[^6] is (byte)'+' or (byte)'-');
    }
}
