using System.Globalization;
using System.Text;
using Marquee.Contracts.Events;
using Marquee.Gateway.Bodies;
using Marquee.Gateway.Events;

namespace Marquee.Tests.Gateway;

public sealed class EventParserTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.Parse(GatewayHost.Noon, CultureInfo.InvariantCulture);

    [Fact]
    public void Parse_AllFields_KeepsEachOfThem()
    {
        var message = ParseGood(
            """
            {"eventId":"e-1","userId":"u.1","titleId":"t~1","type":"progress","value":1.5,"positionSeconds":12.25,"durationSeconds":7200,
             "occurredAt":"2026-02-28T20:15:00.25+01:00","sessionId":"s 1","recommendationId":"r:1","country":"de","device":"Fernseher Küche"}
            """);

        Assert.Equal(
            new EngagementMessage
            {
                EventId = "e-1",
                UserId = "u.1",
                TitleId = "t~1",
                Type = EngagementType.Progress,
                Value = 1.5,
                PositionSeconds = 12.25,
                DurationSeconds = 7200,
                OccurredAt = DateTimeOffset.Parse("2026-02-28T19:15:00.25Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(),
                SessionId = "s 1",
                RecommendationId = "r:1",
                Country = "DE",
                Device = "Fernseher Küche",
            },
            message);
    }

    [Fact]
    public void Parse_EverythingEscaped_ReadsTheSame()
    {
        var plain = """{"eventId":"e1","userId":"u1","titleId":"t1","type":"play","occurredAt":"2026-02-28T20:15:00+01:00","country":"us","device":"tv"}""";

        Assert.Equal(ParseGood(plain), ParseGood(EscapeStrings(plain)));
    }

    [Theory]
    [InlineData("impression", EngagementType.Impression)]
    [InlineData("click", EngagementType.Click)]
    [InlineData("play", EngagementType.Play)]
    [InlineData("progress", EngagementType.Progress)]
    [InlineData("complete", EngagementType.Complete)]
    [InlineData("abandon", EngagementType.Abandon)]
    [InlineData("like", EngagementType.Like)]
    [InlineData("dislike", EngagementType.Dislike)]
    [InlineData("addToList", EngagementType.AddToList)]
    [InlineData("removeFromList", EngagementType.RemoveFromList)]
    [InlineData("hide", EngagementType.Hide)]
    [InlineData("unhide", EngagementType.Unhide)]
    public void Parse_Type_IsUnderstood(string word, EngagementType type)
    {
        Assert.Equal(type, ParseGood($$"""{"userId":"u","titleId":"t","type":"{{word}}"}""").Type);
        Assert.Equal(word, EngagementTypeNames.Of(type));
    }

    [Theory]
    [InlineData("0.5", 0.5)]
    [InlineData("5", 5)]
    [InlineData("3.50", 3.5)]
    [InlineData("45e-1", 4.5)]
    public void Parse_Rate_KeepsStars(string value, double stars) =>
        Assert.Equal(stars, ParseGood($$"""{"userId":"u","titleId":"t","type":"rate","value":{{value}}}""").Value);

    [Theory]
    [InlineData("\"2026-03-01T12:05:00Z\"", "2026-03-01T12:05:00Z")]
    [InlineData("\"2026-03-01T12:00:00.1234567Z\"", "2026-03-01T12:00:00.123Z")]
    [InlineData("\"2026-03-01T12:00:00-05:00\"", null)]
    [InlineData("\"2026-03-01T00:00-05:00\"", "2026-03-01T05:00:00Z")]
    [InlineData("\"1970-01-01T00:00:00Z\"", "1970-01-01T00:00:00Z")]
    [InlineData("0", "1970-01-01T00:00:00Z")]
    [InlineData("1772366400000", "2026-03-01T12:00:00Z")]
    [InlineData("null", GatewayHost.Noon)]
    public void Parse_OccurredAt_IsReadAsStated(string json, string? expected)
    {
        var body = $$"""{"userId":"u","titleId":"t","type":"play","occurredAt":{{json}}}""";
        if (expected is null)
        {
            Assert.Equal(["occurredAt"], FieldsOf(body));
            return;
        }

        Assert.Equal(DateTimeOffset.Parse(expected, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), ParseGood(body).OccurredAt);
    }

    [Fact]
    public void Parse_NullsInOptionalFields_CountAsAbsent()
    {
        var message = ParseGood(
            """
            {"eventId":"e","userId":"u","titleId":"t","type":"play","value":null,"positionSeconds":null,"durationSeconds":null,
             "occurredAt":null,"sessionId":null,"recommendationId":null,"country":null,"device":null}
            """);

        Assert.Equal(ParseGood("""{"eventId":"e","userId":"u","titleId":"t","type":"play"}"""), message);
    }

    public static TheoryData<string, string> BadValues()
    {
        var data = new TheoryData<string, string>();
        string[] badIds = ["\"\"", "\"a/b\"", "\"a b\"", "\"ü\"", "\".\"", "\"..\"", "\"\\ud800\"", "\"a\\u0000\"", $"\"{new string('x', 129)}\"", $"\"{new string('x', 10_000)}\"", "1", "true", "{}", "[[[]]]", "{\"a\":{\"b\":[1]}}"];
        string[] badTexts = ["\"\"", $"\"{new string('x', 129)}\"", "\"\\ud800\"", "\"\\u0000\"", "7", "[\"x\"]"];
        Add(["eventId", "userId", "titleId"], badIds);
        Add(["sessionId", "recommendationId", "device"], badTexts);
        Add(["type"], ["\"Play\"", "\"watch\"", "\"\"", "3", "null", "{}", "\"\\ud800\"", "\"playplayplayplayplay\""]);
        Add(["value"], ["\"4\"", "1e999", "-1e999", "1e11", "true", "[]"]);
        Add(["positionSeconds"], ["-0.001", "1e300", "\"12\"", "{}"]);
        Add(["durationSeconds"], ["0", "-1", "1e300", "\"12\""]);
        Add(["occurredAt"], ["\"9999-12-31T23:59:59Z\"", "\"2026-03-01T12:05:00.001Z\"", "\"1969-12-31T23:59:59Z\"", "\"0001-01-01T00:00:00Z\"", "\"2026-03-01T12:00:00\""]);
        Add(["occurredAt"], ["\"2026-03-01\"", "\"2026-02-30T12:00:00Z\"", "\"2026-03-01T23:59:60Z\"", "\"yesterday\"", "\"\"", "\"\\ud800\""]);
        Add(["occurredAt"], ["-1", "1772366700001", "1.5", "1e999", "9999999999999999999", "true", "{}"]);
        Add(["country"], ["\"USA\"", "\"u\"", "\"u1\"", "\"\"", "\"üß\"", "\"\\ud800\"", "1"]);
        return data;

        void Add(string[] fields, string[] values)
        {
            foreach (var name in fields)
            {
                Array.ForEach(values, value => data.Add(name, value));
            }
        }
    }

    [Theory]
    [MemberData(nameof(BadValues))]
    public void Parse_BadValue_NamesItsFieldAlone(string field, string value)
    {
        Dictionary<string, string> fields = new() { ["userId"] = "\"u\"", ["titleId"] = "\"t\"", ["type"] = "\"play\"" };
        fields[field] = value;
        var body = "{" + string.Join(',', fields.Select(pair => $"\"{pair.Key}\":{pair.Value}")) + "}";

        Assert.Equal([field], FieldsOf(body));
    }

    [Theory]
    [InlineData("""{"type":"rate","value":0.49}""")]
    [InlineData("""{"type":"rate","value":5.01}""")]
    [InlineData("""{"value":6,"type":"rate"}""")]
    [InlineData("""{"type":"rate","value":null}""")]
    [InlineData("""{"type":"rate"}""")]
    public void Parse_RateWithoutStars_NamesValue(string fields) =>
        Assert.Equal(["value"], FieldsOf("""{"userId":"u","titleId":"t",""" + fields[1..]));

    [Fact]
    public void Parse_NothingThere_NamesEveryRequiredField() => Assert.Equal(["userId", "titleId", "type"], FieldsOf("{}"));

    [Fact]
    public void Parse_ManyMistakes_NamesThemAll() =>
        Assert.Equal(["userId", "colour", "type", "country", "titleId"], FieldsOf("""{"userId":"a/b","colour":{"r":[1,2]},"type":"gaze","country":"xyz"}"""));

    [Theory]
    [InlineData("""{"userId":"u","titleId":"t","type":"play","userID":"v"}""", "userID")]
    [InlineData("""{"userId":"u","titleId":"t","type":"play","\u0061\u0062":1}""", "ab")]
    [InlineData("""{"userId":"u","titleId":"t","type":"play","\ud800":1}""", "\\ud800")]
    [InlineData("""{"userId":"u","titleId":"t","type":"play","":1}""", "")]
    public void Parse_UnknownField_IsNamed(string body, string field) => Assert.Equal([field], FieldsOf(body));

    [Fact]
    public void Parse_FieldTwice_IsNamed() => Assert.Equal(["userId"], FieldsOf("""{"userId":"u","titleId":"t","type":"play","\u0075serId":"v"}"""));

    [Fact]
    public void Parse_VeryManyUnknownFields_BoundsTheErrors()
    {
        var body = "{" + string.Join(',', Enumerable.Range(0, 10_000).Select(i => $"\"x{i}\":1")) + "}";

        Assert.Equal(16, FieldsOf(body).Count);
    }

    [Fact]
    public void Parse_UnknownFieldWithLongName_ShortensIt() =>
        Assert.Equal(65, Assert.Single(FieldsOf($$"""{"userId":"u","titleId":"t","type":"play","{{new string('y', 5_000)}}":1}""")).Length);

    [Fact]
    public void Parse_InvalidUtf8_NamesTheField()
    {
        var body = Encoding.UTF8.GetBytes("""{"userId":"u","titleId":"t","type":"play","device":"#"}""");
        body[Array.IndexOf(body, (byte)'#')] = 0xff;

        Assert.Equal(["device"], FieldsOf(body));
    }

    private static EngagementMessage ParseGood(string body)
    {
        var batch = BatchReader.Read(Encoding.UTF8.GetBytes(body), false, new EventParser(Now));
        Assert.Null(batch.Problem);
        return Assert.Single(batch.Items);
    }

    private static List<string> FieldsOf(string body) => FieldsOf(Encoding.UTF8.GetBytes(body));

    private static List<string> FieldsOf(byte[] body)
    {
        var batch = BatchReader.Read(body, false, new EventParser(Now));
        Assert.NotNull(batch.Problem);
        Assert.All(batch.Problem.Content.Errors!, error => Assert.Equal(0, error.Index));
        return [.. batch.Problem.Content.Errors!.Select(error => error.Field)];
    }

    private static string EscapeStrings(string json)
    {
        var escaped = new StringBuilder();
        var inside = false;
        foreach (var character in json)
        {
            inside ^= character == '"';
            escaped.Append(inside && character != '"' ? $"\\u{(int)character:x4}" : character.ToString());
        }

        return escaped.ToString();
    }
}
