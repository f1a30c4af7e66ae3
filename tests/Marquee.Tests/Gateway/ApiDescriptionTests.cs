using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Marquee.Contracts.Titles;
using Marquee.Gateway.Events;
using Marquee.Gateway.Json;
using Marquee.Gateway.Models;
using Marquee.Gateway.OpenApi;
using Marquee.Gateway.Operations;
using Marquee.Gateway.Recommendations;
using Marquee.Gateway.Titles;
using Marquee.Gateway.Users;

namespace Marquee.Tests.Gateway;

public sealed class ApiDescriptionTests : IAsyncLifetime
{
    private static readonly CallDescription[] Calls =
    [
        EventDescriptions.Append, TitleDescriptions.List, TitleDescriptions.Upsert, TitleDescriptions.Get, TitleDescriptions.Put, TitleDescriptions.Delete,
        TitleDescriptions.Statistics, TitleDescriptions.Similar, RecommendationDescriptions.Recommend, RecommendationDescriptions.Home, RecommendationDescriptions.Trending,
        UserDescriptions.History, UserDescriptions.Erase, OperationsDescriptions.Status, OperationsDescriptions.Live, OperationsDescriptions.Ready, OperationsDescriptions.Sample,
        ModelDescriptions.List, ModelDescriptions.Publish, ModelDescriptions.RollBack,
    ];

    private GatewayHost _host = null!;
    private JsonElement _document;

    public async ValueTask InitializeAsync()
    {
        _host = await GatewayHost.StartAsync();
        _document = (await _host.GetAsync("/openapi/v1.json")).Json;
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Document_Operations_AreAllCallsAndNoOthers() =>
        Assert.Equal(Calls.Select(call => call.Name).Order(), Operations().Select(operation => operation.GetProperty("operationId").GetString()!).Order());

    [Fact]
    public void Document_EachOperation_TellsAnswersProblemsAndSchemas()
    {
        foreach (var operation in Operations())
        {
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
            Assert.NotEmpty(operation.GetProperty("tags").EnumerateArray());
            foreach (var response in operation.GetProperty("responses").EnumerateObject())
            {
                Assert.NotEmpty(response.Value.GetProperty("description").GetString()!);
                if (response.Name == "204")
                {
                    continue;
                }

                var (media, schema) = response.Name[0] == '2' ? ("application/json", null) : ("application/problem+json", "#/components/schemas/Problem");
                var content = response.Value.GetProperty("content").GetProperty(media);
                Assert.True(content.TryGetProperty("example", out _) || content.TryGetProperty("examples", out _));
                Assert.Equal(schema ?? content.GetProperty("schema").GetProperty("$ref").GetString(), content.GetProperty("schema").GetProperty("$ref").GetString());
            }
        }
    }

    [Fact]
    public void Document_References_AllLeadSomewhere()
    {
        var schemas = _document.GetProperty("components").GetProperty("schemas").EnumerateObject().Select(schema => "#/components/schemas/" + schema.Name).ToHashSet();
        var references = System.Text.RegularExpressions.Regex.Matches(_document.GetRawText(), "\"\\$ref\":\\s*\"([^\"]+)\"").Select(match => match.Groups[1].Value).Distinct().ToList();

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.Contains(reference, schemas));
        Assert.DoesNotContain(schemas, schema => schema.EndsWith("Body", StringComparison.Ordinal) || schema.EndsWith("Message", StringComparison.Ordinal));
    }

    [Fact]
    public void Document_Schemas_DescribeTheirFields()
    {
        var slate = _document.GetProperty("components").GetProperty("schemas").GetProperty("Slate");

        Assert.Equal("integer", _document.GetProperty("components").GetProperty("schemas").GetProperty("SlateItem").GetProperty("properties").GetProperty("rank").GetProperty("type").GetString());
        Assert.Equal("Names the slate; send it back with the events that it leads to.", slate.GetProperty("properties").GetProperty("recommendationId").GetProperty("description").GetString());
    }

    [Fact]
    public void Document_Parameters_CarryTheirBounds()
    {
        var operation = _document.GetProperty("paths").GetProperty("/v1/users/{id}/recommendations").GetProperty("get");
        var parameters = operation.GetProperty("parameters").EnumerateArray().ToDictionary(parameter => parameter.GetProperty("name").GetString()!);

        Assert.Equal(["id", "surface", "count", "country", "after", "explain", "metadata", "explore"], parameters.Keys);
        var count = parameters["count"].GetProperty("schema");
        Assert.Equal((1, 500, 20), (count.GetProperty("minimum").GetInt32(), count.GetProperty("maximum").GetInt32(), count.GetProperty("default").GetInt32()));
    }

    [Fact]
    public void EventSchema_Fields_AreThoseOfTheParser() => Assert.Equal(
        Enum.GetValues<EventField>().Where(field => field != EventField.None).Select(field => JsonNamingPolicy.CamelCase.ConvertName(field.ToString())).Order(),
        EventSchema.Create().Properties!.Keys.Order());

    [Fact]
    public async Task TitleSchema_Fields_AreThoseOfTheParser()
    {
        Assert.Equal(typeof(TitleMessage).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)).Order(), TitleSchema.Create().Properties!.Keys.Order());

        // Each of them is known to the parser: it objects to the value, not to the field.
        var body = "{" + string.Join(',', TitleSchema.Create().Properties!.Keys.Select(field => $"\"{field}\":{{}}")) + "}";
        var answer = await _host.PostAsync("/v1/titles", body);
        Assert.DoesNotContain("is not a field", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BodyExamples_Sent_AreTaken()
    {
        foreach (var example in EventDescriptions.Append.Body!.Examples.Values)
        {
            Assert.Equal(0, (await _host.PostAsync("/v1/events", example)).Number("rejected"));
        }

        foreach (var example in TitleDescriptions.Upsert.Body!.Examples.Values)
        {
            Assert.Equal(0, (await _host.PostAsync("/v1/titles", example)).Number("rejected"));
        }

        foreach (var example in TitleDescriptions.Put.Body!.Examples.Values)
        {
            Assert.Equal(201, (await _host.SendAsync(HttpMethod.Put, "/v1/titles/x", System.Text.Encoding.UTF8.GetBytes(example), "application/json")).Status);
        }

        var lines = _document.GetProperty("paths").GetProperty("/v1/events").GetProperty("post").GetProperty("requestBody").GetProperty("content")
            .GetProperty("application/x-ndjson").GetProperty("example").GetString()!;
        Assert.Equal(3, (await _host.PostAsync("/v1/events", lines, "application/x-ndjson")).Number("duplicates"));
    }

    [Fact]
    public void AnswerExamples_Read_AreWhatTheGatewayWrites()
    {
        var strict = new JsonSerializerOptions(GatewayJson.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };
        foreach (var answer in Calls.SelectMany(call => call.Answers).Where(answer => answer.Body is not null))
        {
            var body = JsonSerializer.Deserialize(answer.Example!, answer.Body!, strict);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(answer.Example!), JsonSerializer.SerializeToNode(body, answer.Body!, strict)), answer.Example);
        }
    }

    [Fact]
    public async Task Docs_Page_AsksNobodyElse()
    {
        var page = await _host.GetAsync("/docs/");
        using var response = await _host.Client.GetAsync("/docs/", TestContext.Current.CancellationToken);

        Assert.Equal((200, "text/html"), (page.Status, page.MediaType));
        Assert.DoesNotContain("https://", page.Text, StringComparison.Ordinal);
        Assert.StartsWith("default-src 'self'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(200, (await _host.GetAsync("/docs/scalar.js")).Status);
    }

    private IEnumerable<JsonElement> Operations() =>
        _document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject()).Select(operation => operation.Value);
}
