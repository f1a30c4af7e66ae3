using Marquee.Client;
using Marquee.Client.Events;
using Marquee.Client.Recommendations;
using Marquee.Client.Titles;
using Marquee.Cluster.Tests.Nodes;

namespace Marquee.Cluster.Tests.Client;

/// <summary>The typed client and a real node understand each other.</summary>
public sealed class MarqueeClientTests : IAsyncLifetime
{
    private readonly NodeProcess _node = new(["--Marquee:Sample=none", "--Marquee:Partitions=4", "--Marquee:Training=false"]);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private MarqueeClient Client => new(_node.Http);

    public async ValueTask InitializeAsync()
    {
        await _node.Start();
        var outcome = await Client.UpsertTitlesAsync([.. Enumerable.Range(0, 40).Select(TitleOf)], Cancelled);
        Assert.Equal((40, 0, 0), (outcome.Created, outcome.Replaced, outcome.Rejected));
    }

    public ValueTask DisposeAsync() => _node.DisposeAsync();

    [Fact]
    public async Task Titles_WrittenReadDeleted_AreAsWritten()
    {
        var title = TitleOf(99) with
        {
            Kind = "series",
            ReleaseDate = new DateOnly(2024, 2, 29),
            ReleaseYear = 2024,
            Tags = ["slow"],
            Languages = ["sv"],
            Countries = ["SE"],
            RuntimeSeconds = 3600,
            Maturity = "PG-13",
            People = ["Greta"],
            Owner = "us",
            Exclusive = true,
            Availability = [new AvailabilityWindow("SE", DateTimeOffset.UnixEpoch.AddYears(50))],
            Description = "Quiet.",
        };

        await Client.UpsertTitlesAsync([title], Cancelled);

        Assert.Equivalent(title, await Client.GetTitleAsync("t99", Cancelled), strict: true);
        Assert.Equal(1, (await Client.UpsertTitlesAsync([title], Cancelled)).Replaced);
        Assert.True(await Client.DeleteTitleAsync("t99", Cancelled));
        Assert.Null(await Client.GetTitleAsync("t99", Cancelled));
    }

    [Fact]
    public async Task Events_SentTwice_CountOnceAndAreInTheHistory()
    {
        EngagementEvent[] events =
        [
            .. Enumerable.Range(0, 30).Select(i => new EngagementEvent
            {
                EventId = $"e{i}",
                UserId = "anna",
                TitleId = $"t{i}",
                Type = i == 7 ? EngagementType.Rate : EngagementType.Complete,
                Value = i == 7 ? 4.5 : null,
                OccurredAt = DateTimeOffset.UnixEpoch.AddYears(40).AddMinutes(i),
                Country = "SE",
            }),
        ];

        var first = await Client.SendEventsAsync(events, Cancelled);
        var second = await Client.SendEventsAsync(events, Cancelled);

        Assert.Equal((30, 0, 0, 30), (first.Accepted, first.Duplicates, second.Accepted, second.Duplicates));
        var history = await Client.GetHistoryAsync("anna", pageSize: 7, Cancelled).ToListAsync(Cancelled);
        Assert.Equal(events.Reverse().Select(item => item.EventId), history.Select(item => item.EventId));
        Assert.Equal((EngagementType.Rate, 4.5), (history[^8].Type, history[^8].Value));
        Assert.Equal(events[7].OccurredAt, history[^8].OccurredAt);
    }

    [Fact]
    public async Task Events_BadOnes_AreToldByIndexAndTheOthersKept()
    {
        var good = new EngagementEvent { UserId = "carl", TitleId = "t1", Type = EngagementType.Play };

        var mixed = await Client.SendEventsAsync([good, good with { TitleId = "no/good" }, good with { Type = new EngagementType("levitate") }], Cancelled);
        var allBad = await Client.SendEventsAsync([good with { OccurredAt = DateTimeOffset.UtcNow.AddHours(1) }], Cancelled);

        Assert.Equal((1, 2), (mixed.Accepted, mixed.Rejected));
        Assert.Equal([(1, "titleId"), (2, "type")], mixed.Errors.Select(error => (error.Index!.Value, error.Field!)));
        Assert.Equal((0, 1, "occurredAt"), (allBad.Accepted, allBad.Rejected, allBad.Errors.Single().Field));
    }

    [Fact]
    public async Task Recommendations_AfterAnEvent_CoverItAndExplainThemselves()
    {
        var outcome = await Client.SendEventAsync(new EngagementEvent { UserId = "dora", TitleId = "t2", Type = EngagementType.Complete }, Cancelled);
        var query = new SlateQuery { Surface = "top-picks", Count = 10, Country = "SE", After = outcome.Position, Explain = true, Metadata = true };

        var slate = await Client.GetRecommendationsAsync("dora", query, Cancelled);
        var home = await Client.GetHomeAsync("dora", query with { Surface = null }, Cancelled);

        Assert.Equal(("top-picks", outcome.Position, false, 10), (slate.Surface, slate.Position, slate.Degraded, slate.Items.Count));
        Assert.DoesNotContain("t2", slate.Items.Select(item => item.TitleId));
        Assert.All(slate.Items, item =>
        {
            Assert.StartsWith("Title ", item.Title!.Name, StringComparison.Ordinal);
            Assert.Equal(item.Score, item.Parts!.Sum(part => part.Value), 1e-3);
        });
        Assert.NotEmpty(home.Rows);
        Assert.All(home.Rows, row => Assert.NotEmpty(row.Items));
    }

    [Fact]
    public async Task StatsTrendingSimilarStatus_AfterEvents_ShowThem()
    {
        await Client.SendEventsAsync([.. Enumerable.Range(0, 20).Select(i => new EngagementEvent { UserId = $"fan{i}", TitleId = "t5", Type = EngagementType.Like })], Cancelled);

        await _node.Eventually("v1/titles/t5/stats", stats => stats.GetProperty("counts").GetProperty("like").GetInt64() == 20);
        await _node.Eventually("v1/trending", trending => trending.TitleIds().FirstOrDefault() == "t5");
        var stats = await Client.GetTitleStatsAsync("t5", Cancelled);
        var trending = await Client.GetTrendingAsync(count: 3, metadata: true, cancellationToken: Cancelled);
        var similar = await Client.GetSimilarAsync("t5", count: 3, metadata: true, cancellationToken: Cancelled);
        var status = await Client.GetStatusAsync(Cancelled);

        Assert.Equal((20, 0), (stats.Counts["like"], stats.Counts["play"]));
        Assert.InRange(stats.Popularity.Long, 19, 20.001);
        Assert.Equal(("t5", "Title 5"), (trending.Items[0].TitleId, trending.Items[0].Title!.Name));
        Assert.Equal(3, similar.Items.Count);
        Assert.Equal((true, "sqlite", 4), (status.Ready, status.Storage, status.Partitions.Count));
        Assert.Equal((20, 20), (status.Events.Accepted, status.Partitions.Sum(partition => partition.Offset)));
    }

    [Fact]
    public async Task EraseUser_Known_LeavesNothing()
    {
        await Client.SendEventAsync(new EngagementEvent { UserId = "erik", TitleId = "t2", Type = EngagementType.Play }, Cancelled);

        Assert.True(await Client.EraseUserAsync("erik", Cancelled));

        Assert.Empty(await Client.GetHistoryAsync("erik", cancellationToken: Cancelled).ToListAsync(Cancelled));
    }

    private static Title TitleOf(int number) => new()
    {
        TitleId = $"t{number}",
        Name = $"Title {number}",
        Kind = "film",
        ReleaseYear = 1990 + (number % 30),
        Genres = [number % 2 == 0 ? "Drama" : "Comedy"],
    };
}
