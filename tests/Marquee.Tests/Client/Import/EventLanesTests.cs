using System.Collections.Concurrent;
using CsCheck;
using Marquee.Cli.Import;
using Marquee.Client.Events;

namespace Marquee.Tests.Client.Import;

public sealed class EventLanesTests
{
    [Fact]
    public Task Add_AnyEvents_EachIsSentOnceInItsViewersOrder() =>
        Gen.Select(Gen.Int[0, 9].Array[0, 200], Gen.Int[1, 5], Gen.Int[1, 20]).SampleAsync(async (users, concurrency, batch) =>
        {
            var sent = new ConcurrentQueue<(string User, int Number)>();
            var lanes = new EventLanes(concurrency, batch, (events, _) => SendAsync(events, sent, batch), CancellationToken.None);
            for (var i = 0; i < users.Length; i++)
            {
                await lanes.AddAsync(Item($"u{users[i]}", i), CancellationToken.None);
            }

            await lanes.CompleteAsync();
            var expected = users.Select((user, i) => ($"u{user}", i)).ToLookup(pair => pair.Item1, pair => pair.i);
            var actual = sent.ToLookup(pair => pair.User, pair => pair.Number);
            return sent.Count == users.Length && expected.All(user => actual[user.Key].SequenceEqual(user)) && lanes.OldestUnacknowledged() is null;
        });

    [Fact]
    public async Task Complete_ACallFails_ThrowsItAndKnowsTheOldestEventThatIsOpen()
    {
        var lanes = new EventLanes(1, 2, (events, _) => events.Any(item => item.Place.Line == 3) ? throw new IOException("gone") : Task.CompletedTask, CancellationToken.None);

        var failed = false;
        for (var i = 0; i < 100 && !failed; i++)
        {
            try
            {
                await lanes.AddAsync(Item("u", i), CancellationToken.None);
            }
            catch (OperationCanceledException)
            {
                failed = true;
            }
        }

        Assert.True(failed);
        Assert.Equal("gone", (await Assert.ThrowsAsync<IOException>(lanes.CompleteAsync)).Message);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(2), lanes.OldestUnacknowledged());
    }

    [Fact]
    public async Task Add_OneViewerAfterAnother_HoldsNobodysEventBackForLong()
    {
        var firstIsSent = new TaskCompletionSource();
        var lanes = new EventLanes(8, 10, SendAsync, CancellationToken.None);
        await lanes.AddAsync(Item("first", 0), CancellationToken.None);

        // One busy viewer fills one lane over and over; the first viewer's lane would never fill.
        for (var i = 1; i < 200; i++)
        {
            await lanes.AddAsync(Item("busy", i), CancellationToken.None);
        }

        await firstIsSent.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await lanes.CompleteAsync();

        Task SendAsync(IReadOnlyList<ImportItem> events, CancellationToken cancellationToken)
        {
            if (events.Any(item => item.Event!.UserId == "first"))
            {
                firstIsSent.SetResult();
            }

            return Task.CompletedTask;
        }
    }

    private static Task SendAsync(IReadOnlyList<ImportItem> events, ConcurrentQueue<(string User, int Number)> sent, int batch)
    {
        Assert.InRange(events.Count, 1, batch);
        foreach (var item in events)
        {
            sent.Enqueue((item.Event!.UserId, item.Place.Line));
        }

        return Task.CompletedTask;
    }

    private static ImportItem Item(string user, int number) => new(
        new EngagementEvent { EventId = $"e{number}", UserId = user, TitleId = "t", Type = EngagementType.Play, OccurredAt = DateTimeOffset.FromUnixTimeSeconds(number) },
        new Place("x", number));
}
