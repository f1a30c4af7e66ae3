using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>Everything that a front end may ask of the viewers and titles of <see cref="FillAsync"/>, and what a node answers.</summary>
/// <remarks>
/// Answers are compared whole, with scores, reasons and explored slots: time is the stream's, and chance comes from a viewer's
/// place in the log. Left out is what is new in every answer (the name of a slate) or in every life of a partition (positions,
/// which carry its epoch). Numbers are compared as single-precision ones: what is popular is a share of a sum over all titles,
/// in the order in which the catalogue came to hold them.
/// </remarks>
internal static class RecordedAnswers
{
    private const int Viewers = 24;
    private const int Titles = 20;
    private const int EventsPerViewer = 30;

    /// <remarks>Events some minutes apart: of two titles that are equally popular, a node may show either first.</remarks>
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private static readonly string[] Types = ["like", "complete", "play", "rate", "impression", "dislike"];
    private static readonly string[] Countries = ["GB", "DE"];

    private static readonly SentEngagement[] Sent = [.. Draw(new Random(11))];

    private static readonly string[] Paths =
    [
        .. Enumerable.Range(0, Viewers).SelectMany(static i => (string[])[$"v1/users/{Viewer(i)}/history?limit=1000", $"v1/users/{Viewer(i)}/recommendations?count=10&country=GB&explain=true", $"v1/users/{Viewer(i)}/home?count=5"]),
        .. Enumerable.Range(0, Titles).SelectMany(static i => (string[])[$"v1/titles/t{i}", $"v1/titles/t{i}/stats", $"v1/titles/t{i}/similar?count=5"]),
        "v1/trending?count=10",
        "v1/trending?count=10&country=DE",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Publishes titles and events; the same each time.</summary>
    public static async Task FillAsync(NodeProcess node)
    {
        await node.AddTitles(Titles);
        foreach (var batch in Sent.Chunk(90))
        {
            await node.Post([.. batch]);
        }
    }

    /// <summary>Sends what <see cref="FillAsync"/> sent first again: nothing of it may count a second time.</summary>
    public static async Task SendAgainAsync(NodeProcess node)
    {
        var answer = await node.Post(Sent[0]);
        Assert.Equal((0, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("duplicates").GetInt32()));
    }

    /// <summary>What the node answers when everything that was sent has come to all places.</summary>
    public static async Task<SortedDictionary<string, string>> ReadSettledAsync(NodeProcess node)
    {
        for (var i = 0; i < Titles; i++)
        {
            // Titles hear of what is acknowledged some time later.
            var sent = Sent.Where(sent => sent.TitleId == $"t{i}").CountBy(static sent => sent.Type).ToDictionary();
            await node.Eventually($"v1/titles/t{i}/stats", stats => stats.GetProperty("counts").EnumerateObject().All(count => count.Value.GetInt64() == sent.GetValueOrDefault(count.Name)), Longest);
        }

        var deadline = DateTime.UtcNow + Longest;
        for (var before = await ReadAsync(node); ;)
        {
            // Changes reach the catalogue on a beat of a tenth of a second; neighbours rest longer.
            await Task.Delay(2_500, Cancellation);
            var now = await ReadAsync(node);
            if (Differences(before, now).Length == 0 && !now.Values.Any(static answer => answer.Contains("\"degraded\":true", StringComparison.Ordinal)))
            {
                return now;
            }

            Assert.True(DateTime.UtcNow < deadline, $"The answers still change after a minute, or say that they may be old: {string.Join('\n', Differences(before, now))}");
            before = now;
        }
    }

    /// <summary>Waits until a node that came up on the same data answers the same.</summary>
    public static async Task AreGivenByAsync(NodeProcess node, SortedDictionary<string, string> expected)
    {
        var deadline = DateTime.UtcNow + Longest;
        while (Differences(expected, await ReadAsync(node)) is [_, ..] differences)
        {
            Assert.True(DateTime.UtcNow < deadline, $"{differences.Length} of {expected.Count} answers differ, for example:\n{string.Join('\n', differences.Take(3))}");
            await Task.Delay(250, Cancellation);
        }
    }

    private static async Task<SortedDictionary<string, string>> ReadAsync(NodeProcess node)
    {
        var answers = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Paths)
        {
            // A partition that is still coming up answers 503 for a history.
            var answer = JsonNode.Parse((await node.Eventually(path, static _ => true)).GetRawText())!;
            Strip(answer);
            answers.Add(path, answer.ToJsonString());
        }

        return answers;
    }

    private static void Strip(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject fields:
                fields.Remove("recommendationId");
                fields.Remove("position");
                foreach (var (name, value) in fields.ToArray())
                {
                    Strip(value);
                    if (value?.GetValueKind() == JsonValueKind.Number)
                    {
                        fields[name] = (float)value.GetValue<double>();
                    }
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Strip(item);
                }

                break;
        }
    }

    private static string[] Differences(SortedDictionary<string, string> expected, SortedDictionary<string, string> found) =>
        [.. expected.Where(answer => found[answer.Key] != answer.Value).Select(answer => $"{answer.Key}\n  was {answer.Value}\n  is  {found[answer.Key]}")];

    private static IEnumerable<SentEngagement> Draw(Random random) => Enumerable.Range(0, Viewers * EventsPerViewer).Select(i => new SentEngagement(
        $"e{i}", Viewer(i % Viewers), $"t{(int)(Titles * Math.Pow(random.NextDouble(), 2))}", Types[random.Next(Types.Length)], 1 + (i % 5), Countries[i % Countries.Length],
        Noon.AddMinutes(3 * i).ToString("O", CultureInfo.InvariantCulture)));

    private static string Viewer(int number) => $"viewer-{number}";

    private sealed record SentEngagement(string EventId, string UserId, string TitleId, string Type, int Value, string Country, string OccurredAt);
}
