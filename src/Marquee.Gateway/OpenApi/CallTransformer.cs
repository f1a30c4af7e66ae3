using System.Text.Json.Nodes;
using Marquee.Gateway.Problems;
using Marquee.Gateway.Queries;
using Marquee.Gateway.Recommendations;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Marquee.Gateway.OpenApi;

/// <summary>Writes a call's path, query, body, answers and problems into its operation, from the metadata that the call itself is run by.</summary>
internal sealed class CallTransformer : IOpenApiOperationTransformer
{
    private const string Json = "application/json";

    public Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<CallDescription>().FirstOrDefault() is not { } call || context.Document is not { } document)
        {
            return Task.CompletedTask;
        }

        operation.Summary = call.Summary;
        operation.Description = call.Description;
        operation.Tags = new HashSet<OpenApiTagReference> { new(call.Tag, document) };
        operation.Parameters = [.. Path(call), .. metadata.OfType<QueryParameters>().Single().All.Select(Describe)];
        operation.RequestBody = call.Body is { } body ? Describe(body, document) : call.BinaryBody is { } bytes ? DescribeBytes(bytes) : null;
        foreach (var answer in call.Answers)
        {
            Complete(operation, answer);
        }

        foreach (var kinds in call.Problems.Prepend(ProblemKind.InvalidRequest).Distinct().GroupBy(kind => kind.Status))
        {
            Complete(operation, kinds.Key, [.. kinds]);
        }

        return Task.CompletedTask;
    }

    private static IEnumerable<IOpenApiParameter> Path(CallDescription call) => call.Id is null
        ? []
        : [
            new OpenApiParameter
            {
                Name = "id",
                In = ParameterLocation.Path,
                Required = true,
                Description = $"The {call.Id}: {Identifier.Rule["must be ".Length..]}.",
                Schema = Schemas.Id(),
                Example = call.Id == "user" ? "3141" : "1454468",
            },
        ];

    private static OpenApiParameter Describe(QueryParameter parameter) => new()
    {
        Name = parameter.Name,
        In = ParameterLocation.Query,
        Description = parameter.Description,
        Schema = parameter switch
        {
            IntegerParameter integer => Schemas.Integer(integer.Min, integer.Max, integer.Default),
            FlagParameter flag => Schemas.Flag(standard: flag.Default ? true : null),
            CountryParameter => Schemas.Country(),
            PositionParameter => Schemas.Position(),
            SurfaceParameter => Schemas.Surface(),
            HistoryCursorParameter => Schemas.Text(64),
            TextParameter text => Schemas.Text(text.LengthMax),
            _ => throw new InvalidOperationException($"The query parameter {parameter.Name} is of a kind that has no schema; add one here."),
        },
        Example = parameter switch
        {
            CountryParameter => "US",
            SurfaceParameter => Surface.TopPicks,
            TextParameter { Example: { } example } => example,
            _ => null,
        },
    };

    private static OpenApiRequestBody Describe(BodyDescription body, OpenApiDocument document)
    {
        var item = new OpenApiSchemaReference(body.SchemaId, document);
        var array = new OpenApiSchema { Type = JsonSchemaType.Array, Items = item, MinItems = 1, MaxItems = GatewayLimits.BatchItems };
        var media = new OpenApiMediaType
        {
            Schema = body.IsBatch ? new OpenApiSchema { OneOf = [item, array] } : item,
            Examples = body.Examples.ToDictionary(pair => pair.Key, pair => (IOpenApiExample)new OpenApiExample { Value = JsonNode.Parse(pair.Value) }),
        };
        var content = new Dictionary<string, OpenApiMediaType> { [Json] = media };
        if (body.IsBatch)
        {
            var lines = body.Examples.Values.Select(text => JsonNode.Parse(text)!).SelectMany(node => node is JsonArray items ? items.OfType<JsonNode>() : [node]);
            content["application/x-ndjson"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = $"One {body.SchemaId} per line, up to {GatewayLimits.BatchItems}." },
                Example = string.Concat(lines.Select(line => line.ToJsonString() + "\n")),
            };
        }

        return new OpenApiRequestBody { Required = true, Content = content, Description = $"At most {GatewayLimits.BodyBytes} bytes." };
    }

    private static OpenApiRequestBody DescribeBytes(string description) => new()
    {
        Required = true,
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>
        {
            ["application/octet-stream"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
        },
    };

    private static void Complete(OpenApiOperation operation, AnswerDescription answer)
    {
        var response = ResponseFor(operation, answer.Status);
        response.Description = answer.Description;
        if (answer.Example is { } example && response.Content?.TryGetValue(Json, out var media) == true)
        {
            media.Example = JsonNode.Parse(example);
        }
    }

    private static void Complete(OpenApiOperation operation, int status, ProblemKind[] kinds)
    {
        var response = ResponseFor(operation, status);
        response.Description = string.Join("; or: ", kinds.Select(kind => kind.Title)) + ".";
        if (status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers = new Dictionary<string, IOpenApiHeader>
            {
                ["Retry-After"] = new OpenApiHeader { Description = "Seconds to wait before the next attempt.", Schema = Schemas.Integer(1, 60, 1) },
            };
        }

        if (response.Content?.TryGetValue("application/problem+json", out var media) == true)
        {
            media.Examples = kinds.ToDictionary(kind => kind.Name, kind => (IOpenApiExample)new OpenApiExample { Value = ExampleOf(kind) });
        }
    }

    private static OpenApiResponse ResponseFor(OpenApiOperation operation, int status) =>
        (OpenApiResponse)(operation.Responses ??= [])[status.ToString(System.Globalization.CultureInfo.InvariantCulture)];

    private static JsonObject ExampleOf(ProblemKind kind)
    {
        var example = new JsonObject { ["type"] = kind.Type, ["title"] = kind.Title, ["status"] = kind.Status };
        if (kind == ProblemKind.InvalidRequest)
        {
            example["detail"] = "count must be a whole number from 1 to 500.";
            example["errors"] = new JsonArray(new JsonObject { ["field"] = "count", ["message"] = "must be a whole number from 1 to 500" });
        }

        return example;
    }
}
