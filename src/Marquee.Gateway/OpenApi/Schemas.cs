using System.Globalization;
using Microsoft.OpenApi;

namespace Marquee.Gateway.OpenApi;

/// <summary>Schemas of the small things that paths, queries and bodies are made of, with the bounds that the parsers check.</summary>
internal static class Schemas
{
    public static OpenApiSchema Id(string? description = null) =>
        new() { Type = JsonSchemaType.String, Pattern = Identifier.Pattern, MinLength = 1, MaxLength = GatewayLimits.IdLength, Description = description };

    public static OpenApiSchema Text(int lengthMax, string? description = null) =>
        new() { Type = JsonSchemaType.String, MinLength = 1, MaxLength = lengthMax, Description = description };

    public static OpenApiSchema Integer(int min, int max, int? standard = null, string? description = null) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = min.ToString(CultureInfo.InvariantCulture),
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = standard,
        Description = description,
    };

    /// <summary>A number; its bounds as JSON writes them.</summary>
    public static OpenApiSchema Number(string min, string max, string description, bool minExcluded = false) => new()
    {
        Type = JsonSchemaType.Number,
        Minimum = minExcluded ? null : min,
        ExclusiveMinimum = minExcluded ? min : null,
        Maximum = max,
        Description = description,
    };

    public static OpenApiSchema Flag(string? description = null, bool? standard = null) =>
        new() { Type = JsonSchemaType.Boolean, Default = standard, Description = description };

    public static OpenApiSchema OneOf(IEnumerable<string> words, string description) =>
        new() { Type = JsonSchemaType.String, Enum = [.. words.Select(word => (System.Text.Json.Nodes.JsonNode)word)], Description = description };

    public static OpenApiSchema Country(string? description = null) =>
        new() { Type = JsonSchemaType.String, Pattern = "^[A-Za-z]{2}$", Description = description };

    public static OpenApiSchema Position() => new() { Type = JsonSchemaType.String, Pattern = @"^\d+\.\d+\.\d+(_\d+\.\d+\.\d+)*$" };

    public static OpenApiSchema Surface() => new()
    {
        Type = JsonSchemaType.String,
        Pattern = $"^({string.Join('|', Recommendations.Surface.Fixed)}|genre:.+)$",
        Default = Recommendations.Surface.TopPicks,
    };

    public static OpenApiSchema Instant(string description) => new()
    {
        Description = description,
        OneOf =
        [
            new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time", Description = "ISO 8601 with time and offset." },
            new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Minimum = "0", Description = "Milliseconds since 1970-01-01T00:00:00Z." },
        ],
    };

    public static OpenApiSchema ListOf(IOpenApiSchema item, int countMax, string description) =>
        new() { Type = JsonSchemaType.Array, Items = item, MaxItems = countMax, Description = description };

    /// <summary>An object with these fields and no others.</summary>
    public static OpenApiSchema Closed(string description, Dictionary<string, IOpenApiSchema> fields, params string[] required) => new()
    {
        Type = JsonSchemaType.Object,
        Description = description,
        Properties = fields,
        Required = required.ToHashSet(),
        AdditionalPropertiesAllowed = false,
    };
}
