using System.Globalization;
using System.Text.Json;
using Marquee.Gateway.Problems;

namespace Marquee.Gateway.Bodies;

/// <summary>Takes a body apart into items: one object, an array of objects, or one object per line (NDJSON).</summary>
/// <remarks>
/// A bad item spoils itself only. Text that is not JSON spoils the whole body, or its line in NDJSON. A byte order mark is
/// skipped, and blank lines are. Nesting deeper than 64 is not JSON to this reader.
/// </remarks>
internal static class BatchReader
{
    public static Batch<T> Read<T>(ReadOnlySpan<byte> body, bool isLines, IItemParser<T> parser)
        where T : class
    {
        body = body.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var batch = isLines ? ReadLines(body, parser) : ReadDocument(body, parser);
        if (batch.Problem is not null || batch.Items.Count > 0)
        {
            return batch;
        }

        return Batch<T>.Refused(batch.Count == 0
            ? Problem.Invalid("body", $"is empty: send 1 to {GatewayLimits.BatchItems} {parser.Noun}")
            : batch.AllBad);
    }

    private static Batch<T> ReadDocument<T>(ReadOnlySpan<byte> body, IItemParser<T> parser)
        where T : class
    {
        var batch = Batch<T>.Empty();
        if (body.Trim(" \t\r\n"u8).IsEmpty)
        {
            return batch;
        }

        var reader = new Utf8JsonReader(body);
        try
        {
            reader.Read();
            var isArray = reader.TokenType == JsonTokenType.StartArray;
            while (!isArray || (reader.Read() && reader.TokenType != JsonTokenType.EndArray))
            {
                if (batch.Count == GatewayLimits.BatchItems)
                {
                    return Batch<T>.Refused(Problem.TooManyItems(parser.Noun));
                }

                batch.Begin();
                batch.End(ParseObject(ref reader, parser, batch.Errors));
                if (!isArray)
                {
                    break;
                }
            }

            RequireEnd(ref reader);
        }
        catch (JsonException exception)
        {
            return Batch<T>.Refused(Problem.Malformed($"Line {exception.LineNumber + 1}, {Describe(exception)}"));
        }

        return batch;
    }

    private static Batch<T> ReadLines<T>(ReadOnlySpan<byte> body, IItemParser<T> parser)
        where T : class
    {
        var batch = Batch<T>.Empty();
        for (var number = 1; !body.IsEmpty; number++)
        {
            var end = body.IndexOf((byte)'\n');
            var line = (end < 0 ? body : body[..end]).Trim(" \t\r"u8);
            body = end < 0 ? [] : body[(end + 1)..];
            if (line.IsEmpty)
            {
                continue;
            }

            if (batch.Count == GatewayLimits.BatchItems)
            {
                return Batch<T>.Refused(Problem.TooManyItems(parser.Noun));
            }

            batch.Begin();
            batch.End(ParseLine(line, number, parser, batch.Errors));
        }

        return batch;
    }

    private static T? ParseLine<T>(ReadOnlySpan<byte> line, int number, IItemParser<T> parser, ItemErrors errors)
        where T : class
    {
        var reader = new Utf8JsonReader(line);
        try
        {
            reader.Read();
            var item = ParseObject(ref reader, parser, errors);
            RequireEnd(ref reader);
            return item;
        }
        catch (JsonException exception)
        {
            errors.Add("body", string.Create(CultureInfo.InvariantCulture, $"is not JSON: line {number}, {Describe(exception)}"));
            return null;
        }
    }

    private static T? ParseObject<T>(ref Utf8JsonReader reader, IItemParser<T> parser, ItemErrors errors)
        where T : class
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            return parser.Parse(ref reader, errors);
        }

        errors.Add("body", "must be an object");
        reader.Skip();
        return null;
    }

    // Throws when something follows the document.
    private static void RequireEnd(ref Utf8JsonReader reader) => reader.Read();

    private static string Describe(JsonException exception)
    {
        // The framework's message ends with the place, counted from 0; people count from 1.
        var message = exception.Message;
        var place = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return string.Create(CultureInfo.InvariantCulture, $"byte {exception.BytePositionInLine + 1}: {(place < 0 ? message : message[..place])}");
    }
}
