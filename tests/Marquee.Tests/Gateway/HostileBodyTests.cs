using System.Text;
using CsCheck;

namespace Marquee.Tests.Gateway;

/// <summary>Whatever comes in, the endpoint answers 202 or a problem that names the field, and keeps exactly the good items.</summary>
public sealed class HostileBodyTests : IAsyncLifetime
{
    private static readonly Gen<string> Id = Gen.String[Gen.Char["abcXYZ019._~-"], 1, 128].Where(id => id is not ("." or ".."));

    private static readonly Gen<string> Whitespace = Gen.OneOf("", " ", "\t", "  \r");

    private static readonly Gen<string> GoodEvent = Gen.Select(
        Id, Id, Gen.OneOf("play", "click", "complete", "like", "hide"), Gen.Int[0, 1 << 30], Whitespace,
        (user, title, type, position, space) => $$"""{{{space}}"userId":"{{user}}","titleId":{{space}}"{{title}}","type":"{{type}}","positionSeconds":{{position}}}""");

    // Bad values by the field that they are bad for; valid JSON, all of them.
    private static readonly Gen<(string Field, string Value)> BadField = Gen.OneOf(
        Gen.Select(Gen.OneOf("eventId", "userId", "titleId"), Gen.OneOf(
            Gen.String[129, 10_000].Select(Quote),
            Gen.String[Gen.Char["/ \\\"%\u0000\u00e9\u4e2d"], 1, 20].Select(Quote),
            Gen.OneOf("\"\\ud800\"", "\"\\udc00x\"", "\"\"", "\".\"", "\"..\"", "17", "true", "{}", "[]", "{\"userId\":\"u\"}"))),
        Gen.Select(Gen.OneOf("value", "positionSeconds", "durationSeconds"), Gen.OneOf("\"NaN\"", "1e400", "-1e400", "1e11", "-1e11", "true", "[1]", "{}", $"1{new string('0', 400)}")),
        Gen.Select(Gen.Const("type"), Gen.OneOf("\"\"", "\"PLAY\"", "\"\\ud800\"", "\"purchase\"", "null", "9", "[]")),
        Gen.Select(Gen.Const("occurredAt"), Gen.OneOf("\"9999-12-31T23:59:59Z\"", "\"0000-00-00T00:00:00Z\"", "\"2026-03-01T12:00:00\"", "\"\\udfff\"", "-1", "1e30", "{}", "\"2026-13-01T00:00:00Z\"")),
        Gen.Select(Gen.Const("country"), Gen.OneOf("\"USA\"", "\"1\"", "\"\\ud83d\\ude00\"", "0")),
        Gen.Select(Gen.OneOf("sessionId", "recommendationId", "device"), Gen.OneOf("\"\"", "\"\\udbff\"", "\"a\\u0000b\"", "0", "{\"a\":[{}]}", Quote(new string('€', 129)))),
        Gen.Select(Gen.Int[0, 50].Select(n => $"unknown{n}"), Gen.Int[0, 55].Select(depth => new string('[', depth) + "0" + new string(']', depth))));

    private static readonly Gen<(string Text, string? Bad)> BadEvent = Gen.OneOf(
        BadField.Select(bad => (Text: Compose(bad.Field, bad.Value), Bad: (string?)bad.Field)),
        Gen.OneOf("type", "userId", "titleId").Select(name => (Text: $$"""{"userId":"u","titleId":"t","type":"play","{{name}}":"play"}""", Bad: (string?)name)),
        Gen.OneOf<(string, string?)>(("null", "body"), ("0", "body"), ("\"x\"", "body"), ("[]", "body"), ("[[{}]]", "body"), ("{}", "userId"), ("true", "body")));

    private static readonly Gen<(string Text, string? Bad)[]> Events =
        Gen.OneOf(GoodEvent.Select(text => (Text: text, Bad: (string?)null)), BadEvent).Array[1, 30];

    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public Task Post_GoodAndBadItemsInAnArray_KeepsTheGoodAndNamesTheBad() => Events.SampleAsync(
        async items => await CheckItemsAsync(items, $"[{string.Join(',', items.Select(item => item.Text))}]", "application/json"), iter: 300, threads: 1);

    [Fact]
    public Task Post_GoodAndBadLines_KeepsTheGoodAndNamesTheBad()
    {
        var notJson = Gen.OneOf("{\"value\":NaN}", "{", "}", "{\"userId\":\"u\"", "{'a':1}", "{\"a\":1,}", "\u0000", "{\"value\":-Infinity}", new string('[', 200), "{} {}")
            .Select(text => (Text: text, Bad: (string?)"body"));
        return Gen.OneOf(GoodEvent.Select(text => (Text: text, Bad: (string?)null)), BadEvent, notJson).Array[1, 30].SampleAsync(
            async items => await CheckItemsAsync(items, string.Join('\n', items.Select(item => item.Text.ReplaceLineEndings(" "))), "application/x-ndjson"), iter: 300, threads: 1);
    }

    [Fact]
    public Task Post_RandomBytes_IsAProblem() =>
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Bool).SampleAsync(async (bytes, lines) => await CheckAnswerAsync(bytes, lines), iter: 500, threads: 1);

    [Fact]
    public Task Post_DamagedBatch_IsTakenOrAProblem()
    {
        // Good JSON with a few bytes overwritten, then cut somewhere: reaches further into the parser than noise does.
        var damaged = Gen.Select(Events, Gen.Select(Gen.Int[0, 100_000], Gen.Byte).Array[0, 4], Gen.Double[0.5, 1.2], (items, strikes, share) =>
        {
            var body = Encoding.UTF8.GetBytes($"[{string.Join(',', items.Select(item => item.Text))}]");
            foreach (var (place, value) in strikes)
            {
                body[place % body.Length] = value;
            }

            return body[..(int)Math.Min(body.Length, body.Length * share)];
        });
        return Gen.Select(damaged, Gen.Bool).SampleAsync(async (body, lines) => await CheckAnswerAsync(body, lines), iter: 700, threads: 1);
    }

    [Fact]
    public Task Post_TitlesOfNoise_AreTakenOrAProblem()
    {
        var value = Gen.OneOf("null", "true", "1e999", "\"\\ud800\"", "[null]", "[[[]]]", "{\"a\":{}}", "[{\"country\":\"US\",\"from\":1}]", "\"x\"", "-1", "\"9999-01-01\"");
        var name = Gen.OneOf("titleId", "name", "kind", "releaseDate", "releaseYear", "genres", "countries", "availability", "season", "exclusive", "description", "x", "\\ud800");
        var title = Gen.Select(name, value).Array[0, 8].Select(fields => "{" + string.Join(',', fields.Select(field => $"\"{field.Item1}\":{field.Item2}")) + "}");
        return title.Array[0, 5].SampleAsync(
            async titles => await CheckAnswerAsync(Encoding.UTF8.GetBytes($"[{string.Join(',', titles)}]"), false, "/v1/titles"), iter: 500, threads: 1);
    }

    private async Task CheckItemsAsync((string Text, string? Bad)[] items, string body, string mediaType)
    {
        _host.Grains.Partitions.Log.Clear();
        var answer = await _host.PostAsync("/v1/events", body, mediaType);

        var good = items.Count(item => item.Bad is null);
        Assert.Equal(good == 0 ? 400 : 202, answer.Status);
        Assert.Equal(items.Length - good, answer.Number("rejected"));
        Assert.Equal(good, good == 0 ? 0 : answer.Number("accepted") + answer.Number("duplicates"));
        var named = answer.Json.GetProperty("errors").EnumerateArray()
            .ToLookup(error => error.GetProperty("index").GetInt32(), error => error.GetProperty("field").GetString());
        for (var i = 0; i < items.Length; i++)
        {
            Assert.Equal(items[i].Bad is null, !named.Contains(i));
            Assert.True(items[i].Bad is null || named[i].Contains(items[i].Bad), $"Item {i} should name {items[i].Bad}: {items[i].Text}");
        }
    }

    private async Task CheckAnswerAsync(byte[] body, bool lines, string path = "/v1/events")
    {
        var answer = await _host.SendAsync(HttpMethod.Post, path, body, lines ? "application/x-ndjson" : "application/json");
        if (answer.Status is 200 or 202)
        {
            return;
        }

        Assert.Equal(400, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.NotEmpty(answer.Fields);
    }

    private static string Quote(string text) => System.Text.Json.JsonSerializer.Serialize(text);

    private static string Compose(string field, string value)
    {
        Dictionary<string, string> fields = new() { ["userId"] = "\"u\"", ["titleId"] = "\"t\"", ["type"] = "\"play\"" };
        fields[field] = value;
        return "{" + string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";
    }
}
