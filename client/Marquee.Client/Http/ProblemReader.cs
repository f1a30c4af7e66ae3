using System.Text.Json;

namespace Marquee.Client.Http;

/// <summary>Makes an exception of an answer that is not a success, whoever gave it: the node, or a proxy before it.</summary>
internal static class ProblemReader
{
    private const int ExcerptLengthMax = 200;

    public static async Task<MarqueeProblemException> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var fallbackTitle = response.ReasonPhrase is { Length: > 0 } reason ? reason : "The call was refused";
        var body = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement is { ValueKind: JsonValueKind.Object } root)
            {
                return new(response.StatusCode, Text(root, "type"), Text(root, "title") ?? fallbackTitle, Text(root, "detail"), Errors(root));
            }
        }
        catch (JsonException)
        {
            // Not a problem document: a proxy's page or nothing at all. Its beginning tells more than a parser's complaint.
        }

        return new(response.StatusCode, null, fallbackTitle, Excerpt(body), []);
    }

    public static string? Excerpt(ReadOnlySpan<byte> body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body[..Math.Min(body.Length, ExcerptLengthMax)]).Trim();
        return text.Length == 0 ? null : text;
    }

    /// <summary>Reads both forms of errors: an array of items, and ASP.NET's object of field → messages.</summary>
    private static List<ItemError> Errors(JsonElement root)
    {
        var errors = new List<ItemError>();
        if (!root.TryGetProperty("errors", out var list))
        {
            return errors;
        }

        if (list.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
            {
                errors.Add(new ItemError { Index = Number(item, "index"), Field = Text(item, "field"), Message = Text(item, "message") ?? "" });
            }
        }
        else if (list.ValueKind == JsonValueKind.Object)
        {
            foreach (var field in list.EnumerateObject())
            {
                var messages = field.Value.ValueKind == JsonValueKind.Array ? field.Value.EnumerateArray().ToArray() : [field.Value];
                errors.AddRange(messages.Select(message => new ItemError { Field = field.Name, Message = message.ToString() }));
            }
        }

        return errors;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static int? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;
}
