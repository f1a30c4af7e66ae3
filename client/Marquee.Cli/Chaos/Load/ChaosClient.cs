using System.Globalization;
using Marquee.Cli.Chaos.Histories;

namespace Marquee.Cli.Chaos.Load;

/// <summary>One client: sends events of its users, reads them back, mostly with the token of what was acknowledged, and erases a user now and then.</summary>
internal sealed class ChaosClient(RecordedApi api, int number, Random random)
{
    private const int UsersAtOnce = 8;

    /// <summary>A user gets so many events and is then followed by another, so that one page shows a whole history.</summary>
    private const int EventsPerUserMax = 120;

    private const double EraseShare = 0.004;

    // Each up to here, from the one before; the rest are writes.
    private const double ReadWithTokenUpTo = 0.22;
    private const double ReadUpTo = 0.28;
    private const double SlateUpTo = 0.36;
    private const double HomeUpTo = 0.38;

    private const double RetryShare = 0.7;

    private static readonly string[] Types = ["play", "like", "complete", "impression", "addToList"];

    private readonly List<ChaosUser> _users = [];
    private int _nextUser;
    private int _nextEvent;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            while (_users.Count < UsersAtOnce)
            {
                _users.Add(new ChaosUser(string.Create(CultureInfo.InvariantCulture, $"c{number}-u{_nextUser++}")));
            }

            var kind = random.NextDouble();
            var user = _users[random.Next(_users.Count)];
            if (kind < EraseShare && user is { After: not null, IsSettled: true })
            {
                _users.Remove(user);
                await EraseAsync(user, stop);
            }
            else if (kind < HomeUpTo && user.After is not null)
            {
                await (kind switch
                {
                    < ReadWithTokenUpTo => api.ReadAsync(user.Id, user.After),
                    < ReadUpTo => api.ReadAsync(user.Id, after: null),
                    < SlateUpTo => api.RecommendAsync(user.Id, user.After),
                    _ => api.HomeAsync(user.Id),
                });
            }
            else
            {
                await AppendAsync(stop);
            }

            await PauseAsync(random, stop);
        }
    }

    /// <summary>A short rest: faults are to be met by calls at all times, and the machine is not to be the fault.</summary>
    public static Task PauseAsync(Random random, CancellationToken stop) =>
        Task.Delay(TimeSpan.FromMilliseconds(20 + random.Next(40)), stop).ContinueWith(_ => { }, TaskScheduler.Default);

    private async Task AppendAsync(CancellationToken stop)
    {
        var chosen = _users.OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToArray();
        RecordedEvent[] batch = [.. Enumerable.Range(0, random.Next(1, 9)).Select(_ => Next(chosen[random.Next(chosen.Length)].Id))];
        var outcome = await api.AppendAsync(batch);

        // As producers do, and as some do not: then the event is there or not, and no more than once.
        for (var attempt = 0; outcome.Kind != RecordKind.Ok && attempt < 3 && !stop.IsCancellationRequested && random.NextDouble() < RetryShare; attempt++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), CancellationToken.None);
            outcome = await api.AppendAsync(batch);
        }

        foreach (var user in chosen)
        {
            user.Learn(outcome, batch);
            if (user.Events >= EventsPerUserMax)
            {
                _users.Remove(user);
            }
        }
    }

    private async Task EraseAsync(ChaosUser user, CancellationToken stop)
    {
        for (var attempt = 0; attempt < 5 && !stop.IsCancellationRequested; attempt++)
        {
            if (await api.EraseAsync(user.Id))
            {
                await api.ReadAsync(user.Id, user.After);
                return;
            }
        }
    }

    private RecordedEvent Next(string user) => new(
        string.Create(CultureInfo.InvariantCulture, $"c{number}-{_nextEvent++}"),
        user,
        ChaosLoad.Titles[random.Next(ChaosLoad.Titles.Length)],
        Types[random.Next(Types.Length)]);
}

/// <summary>A user, and what its client knows of it.</summary>
internal sealed class ChaosUser(string id)
{
    public string Id { get; } = id;

    /// <summary>A token that covers every event that was acknowledged; null before the first.</summary>
    public string? After { get; private set; }

    /// <summary>Whether each of its events has a known outcome: one that is not known could still arrive.</summary>
    public bool IsSettled { get; private set; } = true;

    /// <summary>How many events it was sent.</summary>
    public int Events { get; private set; }

    public void Learn(HistoryRecord outcome, RecordedEvent[] batch)
    {
        var own = batch.Count(sent => sent.User == Id);
        Events += own;
        if (own == 0)
        {
            return;
        }

        // The position of duplicates can lie before that of a later event: both are asked for then.
        After = outcome.Position is not { } position ? After
            : outcome.Duplicates > 0 && After is not null ? $"{After}_{position}"
            : position;
        IsSettled &= outcome.Kind is RecordKind.Ok or RecordKind.Fail;
    }
}
