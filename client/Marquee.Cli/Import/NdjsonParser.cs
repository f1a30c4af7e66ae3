using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Marquee.Client;

namespace Marquee.Cli.Import;

/// <summary>Reads one line: with <c>type</c> it is an event, otherwise with <c>name</c> a title, in the API's own form.</summary>
internal static class NdjsonParser
{
    private static readonly MarqueeJson Strict = new(new JsonSerializerOptions(MarqueeJson.Default.Options)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        TypeInfoResolver = null,
    });

    private static readonly HashSet<string> EventFields = FieldsOf(Strict.EngagementEvent);
    private static readonly HashSet<string> TitleFields = FieldsOf(Strict.Title);

    /// <summary>Reads one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="place">Where it stands.</param>
    /// <param name="item">The title or event; an event without an id gets one that is made of its line.</param>
    /// <returns>What is wrong with the line, or null.</returns>
    public static string? Parse(ReadOnlyMemory<byte> line, Place place, out ImportItem item)
    {
        item = default;
        try
        {
            var fields = TopLevelFields(line.Span);
            if (fields is null)
            {
                return "the line is not a JSON object";
            }

            if (fields.Contains("type"))
            {
                if (Mismatch(fields, EventFields, "an event", "userId", "titleId") is { } mismatch)
                {
                    return mismatch;
                }

                var engagement = JsonSerializer.Deserialize(line.Span, Strict.EngagementEvent)!;
                item = new ImportItem(engagement.EventId is null ? engagement with { EventId = IdOf(line.Span) } : engagement, place);
                return null;
            }

            if (fields.Contains("name"))
            {
                if (Mismatch(fields, TitleFields, "a title", "titleId") is { } mismatch)
                {
                    return mismatch;
                }

                item = new ImportItem(JsonSerializer.Deserialize(line.Span, Strict.Title)!, place);
                return null;
            }

            return "the line has neither 'type' (then it is an event) nor 'name' (then it is a title)";
        }
        catch (JsonException exception)
        {
            return exception.Path is { Length: > 2 } path
                ? $"the field '{path[2..]}' does not hold what belongs there"
                : $"the line is not JSON, at byte {exception.BytePositionInLine}";
        }
    }

    /// <summary>The same line always gets the same id, so that a second import of a file finds duplicates.</summary>
    private static string IdOf(ReadOnlySpan<byte> line) => $"line-{Convert.ToHexStringLower(SHA256.HashData(line)[..16])}";

    private static string? Mismatch(HashSet<string> fields, HashSet<string> known, string what, params ReadOnlySpan<string> required)
    {
        foreach (var name in required)
        {
            if (!fields.Contains(name))
            {
                return $"{what} needs '{name}'";
            }
        }

        return fields.FirstOrDefault(field => !known.Contains(field)) is { } unknown ? $"{what} has no field '{unknown}'" : null;
    }

    private static HashSet<string>? TopLevelFields(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        var fields = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            fields.Add(reader.GetString()!);
            reader.Skip();
        }

        return fields;
    }

    private static HashSet<string> FieldsOf(JsonTypeInfo type) => [.. type.Properties.Select(property => property.Name)];
}
