using System.Net.Http.Json;
using System.Text.Json;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Events;

/// <summary>kill -9 at any moment, again and again: what was acknowledged is there once, what was not at most once.</summary>
public class KillTests(ITestOutputHelper output)
{
    private const int Rounds = 20;
    private const int Producers = 6;

    [Fact]
    public async Task Kill_TwentyTimesUnderConcurrentProducers_EveryAcknowledgedEventCountsExactlyOnce()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var ledger = new AcknowledgementLedger();

        // Small checkpoints, so that kills also hit snapshots and truncation.
        await using var node = new NodeProcess(["--Marquee:Sample=none", "--Marquee:CheckpointEvents=150", "--Marquee:Partitions=8"]);
        for (var round = 0; round < Rounds; round++)
        {
            await node.Start();
            using var stop = new CancellationTokenSource();
            var producers = Enumerable.Range(0, Producers)
                .Select(i => Task.Run(() => new Producer(node.Http, ledger, (round * Producers) + i, random.Next()).Run(stop.Token)))
                .ToArray();
            await Task.Delay(random.Next(100, 1_500));
            await node.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(producers);
        }

        await node.Start();
        var acknowledged = ledger.Acknowledged.Select(sent => sent.EventId).ToHashSet();
        output.WriteLine($"{acknowledged.Count} acknowledged of {ledger.All.Count()} sent");
        Assert.True(acknowledged.Count > Rounds * 10, "Too little was acknowledged for the test to mean anything.");
        var held = await Histories(node, ledger);

        Assert.Equal(held.Count, held.Select(entry => entry.EventId).Distinct().Count());
        var heldIds = held.Select(entry => entry.EventId).ToHashSet();
        Assert.Empty(acknowledged.Except(heldIds));
        Assert.Empty(heldIds.Except(ledger.All.Select(sent => sent.EventId)));
        await CountersAgree(node, held);
        await TrendingAgrees(node, held);
    }

    private static async Task<List<SentEvent>> Histories(NodeProcess node, AcknowledgementLedger ledger)
    {
        var held = new List<SentEvent>();
        foreach (var user in ledger.All.Select(sent => sent.UserId).Distinct())
        {
            string? cursor = null;
            do
            {
                var page = await node.CurrentHistory(user, cursor);
                held.AddRange(page.GetProperty("events").EnumerateArray().Select(entry => new SentEvent(
                    entry.GetProperty("eventId").GetString()!,
                    user,
                    entry.GetProperty("titleId").GetString()!,
                    entry.GetProperty("type").GetString()!)));
                cursor = page.TryGetProperty("next", out var next) ? next.GetString() : null;
            }
            while (cursor is not null);
        }

        return held;
    }

    private static async Task CountersAgree(NodeProcess node, List<SentEvent> held)
    {
        foreach (var title in held.GroupBy(entry => entry.TitleId))
        {
            var stats = await node.Http.GetFromJsonAsync<JsonElement>($"v1/titles/{title.Key}/stats");
            foreach (var count in stats.GetProperty("counts").EnumerateObject())
            {
                Assert.Equal(title.Count(entry => entry.Type == count.Name), count.Value.GetInt64());
            }
        }
    }

    private static async Task TrendingAgrees(NodeProcess node, List<SentEvent> held)
    {
        // Trending shows titles that are in the catalogue: give them names now; their counters are older than that.
        var titles = held.Select(entry => entry.TitleId).Distinct().ToArray();
        using var answer = await node.Http.PostAsJsonAsync("v1/titles", titles.Select(id => new { titleId = id, name = $"Name of {id}" }));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (true)
        {
            var trending = await node.Http.GetFromJsonAsync<JsonElement>($"v1/trending?count=100");
            var listed = trending.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("titleId").GetString()!).ToArray();
            if (titles.Order().SequenceEqual(listed.Order()))
            {
                return;
            }

            Assert.True(DateTime.UtcNow < deadline, $"Trending lists {listed.Length} of {titles.Length} titles.");
            await Task.Delay(100);
        }
    }
}
