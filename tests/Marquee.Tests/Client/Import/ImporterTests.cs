using System.Net;
using Marquee.Cli.Import;
using Marquee.Client;
using Marquee.Client.Events;
using Marquee.Client.Titles;

namespace Marquee.Tests.Client.Import;

public sealed class ImporterTests
{
    private readonly FakeNode _node = new();
    private readonly ImportTally _tally = new();
    private readonly LineFaults _faults = new();
    private readonly ArmedTime _time = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_TitlesAndEvents_GoInBatchesTitlesFirst()
    {
        Assert.True(await Importer(batch: 10, concurrency: 1).RunAsync(Source(25, 45), Cancelled, Cancelled));

        Assert.Equal([.. Enumerable.Repeat("POST /v1/titles", 3), .. Enumerable.Repeat("POST /v1/events", 5)], _node.Calls);
        Assert.Equal((25, 45, 0, 0), (_tally.TitlesAccepted, _tally.EventsAccepted, _tally.EventsDuplicate, _tally.EventsRejected));
        Assert.Equal(Enumerable.Range(0, 45).Select(i => $"e{i}"), _node.Events.Select(item => (string?)item["eventId"]));
    }

    [Fact]
    public async Task Run_Twice_CountsNothingTwice()
    {
        await Importer(10, 4).RunAsync(Source(5, 45), Cancelled, Cancelled);
        await Importer(7, 2).RunAsync(Source(5, 45), Cancelled, Cancelled);

        Assert.Equal((45, 45, 45), (_node.Events.Count, _tally.EventsAccepted, _tally.EventsDuplicate));
    }

    [Fact]
    public async Task Run_NodeStumbles_NothingIsLostOrTwice()
    {
        foreach (var trouble in (Trouble[])[Trouble.Status(HttpStatusCode.TooManyRequests, TimeSpan.Zero), Trouble.AnswerLost, Trouble.Refused, Trouble.Status(HttpStatusCode.ServiceUnavailable)])
        {
            _node.Troubles.Enqueue(trouble);
        }

        await Importer(10, 4).RunAsync(Source(0, 200), Cancelled, Cancelled);

        Assert.Equal(200, _node.Events.Count);
        Assert.Equal(200, _tally.EventsAccepted + _tally.EventsDuplicate);
        Assert.Equal(4, _tally.Retries);
    }

    [Fact]
    public async Task Run_NodeRefusesItems_TellsTheirLines()
    {
        _node.Judge = item => (string?)item["titleId"] == "t13" ? ("titleId", "no such luck") : null;

        await Importer(10, 2).RunAsync(Source(20, 20), Cancelled, Cancelled);

        Assert.Equal((1, 1, 19, 19), (_tally.TitlesRejected, _tally.EventsRejected, _tally.TitlesAccepted, _tally.EventsAccepted));
        Assert.Equal(
            [new LineFault("events", 13, "titleId", "no such luck"), new LineFault("titles", 13, "titleId", "no such luck")],
            _faults.Kept());
    }

    [Fact]
    public async Task Run_Interrupted_SendsWhatWasReadAndCanGoOnFromThere()
    {
        using var interrupt = new CancellationTokenSource();
        var importer = Importer(10, 2);

        Assert.False(await importer.RunAsync(Source(0, 1000, at: 500, interrupt.Cancel), interrupt.Token, Cancelled));

        var resumeFrom = importer.ResumeFrom!.Value;
        Assert.Equal(499, resumeFrom.ToUnixTimeSeconds());
        var rest = Source(0, 1000).Where(item => item.Event!.OccurredAt >= resumeFrom);
        Assert.True(await importer.RunAsync(rest, Cancelled, Cancelled));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"e{i}").Order(), _node.Events.Select(item => (string?)item["eventId"]).Order());
    }

    [Fact]
    public async Task Run_NodeGone_ThrowsAndCanGoOnFromTheOldestOpenEvent()
    {
        _node.OnCall = number =>
        {
            if (number == 20)
            {
                Enumerable.Range(0, 100).ToList().ForEach(_ => _node.Troubles.Enqueue(Trouble.Refused));
            }
        };
        var importer = Importer(10, 3, patience: TimeSpan.Zero);

        await Assert.ThrowsAsync<MarqueeUnavailableException>(() => importer.RunAsync(Source(0, 1000), Cancelled, Cancelled));

        _node.Troubles.Clear();
        var resumeFrom = importer.ResumeFrom!.Value;
        await importer.RunAsync(Source(0, 1000).Where(item => item.Event!.OccurredAt >= resumeFrom), Cancelled, Cancelled);
        Assert.Equal(1000, _node.Events.Count);
    }

    [Fact(Timeout = 30_000)]
    public async Task Run_SourcePauses_SendsWhatWasReadAfterASecond()
    {
        var sent = new TaskCompletionSource();
        _node.OnCall = number =>
        {
            if (number == 2)
            {
                sent.SetResult();
            }
        };

        // The source goes on only when what it gave has been sent, although no batch is full.
        var running = Importer(batch: 100, concurrency: 1).RunAsync(Pausing(await Items(1, 2), sent.Task, await Items(0, 3)), TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);

        Assert.Equal(TimeSpan.FromSeconds(1), await _time.PassUntilAsync(running));
        Assert.True(await running);
        Assert.Equal(["POST /v1/titles", "POST /v1/events", "POST /v1/events"], _node.Calls);
        Assert.Equal((1, 3), (_tally.TitlesAccepted, _node.Events.Count));
    }

    [Fact(Timeout = 30_000)]
    public async Task Run_InterruptedWhileTheSourceIsSilent_SendsWhatWasReadAndEnds()
    {
        using var interrupt = new CancellationTokenSource();
        var pausing = Pausing(await Items(0, 3), new TaskCompletionSource().Task, [], interrupt.Cancel);

        Assert.False(await Importer(batch: 100, concurrency: 2).RunAsync(pausing, interrupt.Token, TestContext.Current.CancellationToken));

        Assert.Equal(3, _tally.EventsAccepted);
    }

    [Fact(Timeout = 30_000)]
    public async Task Run_NodeGoneWhileTheSourceIsSilent_Throws()
    {
        Enumerable.Range(0, 100).ToList().ForEach(_ => _node.Troubles.Enqueue(Trouble.Refused));
        var pausing = Pausing(await Items(0, 3), new TaskCompletionSource().Task, []);
        var running = Importer(batch: 100, concurrency: 1, patience: TimeSpan.Zero).RunAsync(pausing, TestContext.Current.CancellationToken, TestContext.Current.CancellationToken);

        await _time.PassUntilAsync(running);

        await Assert.ThrowsAsync<MarqueeUnavailableException>(() => running);
    }

    /// <summary>Waits nowhere but between the two parts, and there whatever is cancelled, as a read from a pipe does.</summary>
    private static async IAsyncEnumerable<ImportItem> Pausing(List<ImportItem> before, Task until, List<ImportItem> after, Action? then = null)
    {
        foreach (var item in before)
        {
            yield return item;
        }

        then?.Invoke();
        await until;
        foreach (var item in after)
        {
            yield return item;
        }
    }

    private static async Task<List<ImportItem>> Items(int titles, int events) => await Source(titles, events).ToListAsync(Cancelled);

    private static async IAsyncEnumerable<ImportItem> Source(int titles, int events, int at = -1, Action? then = null)
    {
        await Task.Yield();
        for (var i = 0; i < titles; i++)
        {
            yield return new ImportItem(new Title { TitleId = $"t{i}", Name = $"Title {i}" }, new Place("titles", i));
        }

        for (var i = 0; i < events; i++)
        {
            if (i == at)
            {
                then!();
            }

            var engagement = new EngagementEvent { EventId = $"e{i}", UserId = $"u{i % 17}", TitleId = $"t{i}", Type = EngagementType.Play, OccurredAt = DateTimeOffset.FromUnixTimeSeconds(i) };
            yield return new ImportItem(engagement, new Place("events", i));
        }
    }

    private Importer Importer(int batch, int concurrency, TimeSpan? patience = null)
    {
        var options = new MarqueeClientOptions { FirstBackoff = TimeSpan.FromTicks(1), LongestBackoff = TimeSpan.FromTicks(1), OnRetry = _tally.Retry, RetryBudget = patience ?? TimeSpan.FromMinutes(1) };
        return new(new MarqueeClient(_node.CreateHttpClient(), options), batch, concurrency, _tally, _faults, _time);
    }
}
