using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Marquee.Contracts.Events;

namespace Marquee.Cluster.Tests.Nodes;

/// <summary>The public API as tests call it.</summary>
internal static class NodeCalls
{
    /// <summary>Posts events and expects all to be accepted.</summary>
    public static async Task<JsonElement> Post(this NodeProcess node, params object[] events)
    {
        using var answer = await node.Http.PostAsJsonAsync("v1/events", events);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, $"{(int)answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>Adds titles <c>t0</c> … and waits until they are visible.</summary>
    public static async Task AddTitles(this NodeProcess node, int count)
    {
        var titles = Enumerable.Range(0, count).Select(i => new { titleId = $"t{i}", name = $"Title {i}", genres = new[] { i % 2 == 0 ? "Drama" : "Comedy" } });
        using var answer = await node.Http.PostAsJsonAsync("v1/titles", titles);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Reads an answer that must be a success.</summary>
    public static async Task<JsonElement> Get(this NodeProcess node, string path)
    {
        using var answer = await node.Http.GetAsync(path);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"GET {path}: {(int)answer.StatusCode}: {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    /// <summary>The ids in the answer's items.</summary>
    public static string[] TitleIds(this JsonElement answer) =>
        [.. answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("titleId").GetString()!)];

    /// <summary>The event ids of a user's history, newest first.</summary>
    public static async Task<string[]> History(this NodeProcess node, string userId, LogPosition? after = null)
    {
        var page = await node.Get($"v1/users/{userId}/history?limit=1000{(after is null ? "" : $"&after={after}")}");
        return [.. page.GetProperty("events").EnumerateArray().Select(entry => entry.GetProperty("eventId").GetString()!)];
    }

    /// <summary>A page of a history, asked for until the answer does not say any more that it may be older than the log.</summary>
    public static Task<JsonElement> CurrentHistory(this NodeProcess node, string userId, string? cursor) => node.Eventually(
        $"v1/users/{userId}/history?limit=1000{(cursor is null ? "" : $"&cursor={cursor}")}",
        page => !page.GetProperty("degraded").GetBoolean(),
        TimeSpan.FromSeconds(60));

    /// <summary>Asks until an answer satisfies; fails with the last answer when it does not in time. "Retry after a moment" is retried.</summary>
    public static async Task<JsonElement> Eventually(this NodeProcess node, string path, Func<JsonElement, bool> satisfies, TimeSpan? timeout = null)
    {
        var deadline = DateTime.UtcNow + (timeout ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            using var answer = await node.Http.GetAsync(path);
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.IsSuccessStatusCode && JsonSerializer.Deserialize<JsonElement>(body) is var json && satisfies(json))
            {
                return json;
            }

            Assert.True(
                DateTime.UtcNow < deadline && (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.ServiceUnavailable),
                $"GET {path} still answers {(int)answer.StatusCode}: {body}");
            await Task.Delay(50);
        }
    }
}
