using System.Globalization;
using System.Net.Http.Json;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Load;
using Marquee.Client;
using Marquee.Client.Operations;

namespace Marquee.Cli.Chaos;

/// <summary>Before the first fault: titles and viewers with a past. Behind the last: whether the cluster lives, what it holds, and that it ends in order.</summary>
internal sealed class FinalReview(IReviewedCluster cluster, RecordedApi api, HttpClient http, HistoryFile history)
{
    private static readonly TimeSpan LongestPreparation = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LongestHealing = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LongestRead = TimeSpan.FromSeconds(30);

    /// <summary>All users together: a cluster that does not come back is not to hold the run up for ever.</summary>
    private static readonly TimeSpan LongestReview = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>Adds what clients need.</summary>
    public async Task PrepareAsync(CancellationToken cancelled)
    {
        TitleBody[] titles = [.. ChaosLoad.Titles.Select(id => new TitleBody(id, $"Name of {id}", ["Drama"]))];
        RecordedEvent[] past =
        [
            .. ChaosLoad.Watchers.SelectMany((user, i) => Enumerable.Range(0, 3)
                .Select(k => new RecordedEvent($"{user}-{k}", user, ChaosLoad.Titles[(i + k) % ChaosLoad.Titles.Length], "complete"))),
        ];

        // A silo is ready before all of its share is, and the machine may be busy: what is sent again is the same.
        var deadline = history.Now + LongestPreparation.TotalMilliseconds;
        string refusal;
        do
        {
            using var added = await http.PostAsJsonAsync("v1/titles", titles, CliJson.Default.TitleBodyArray, cancelled);
            if (!added.IsSuccessStatusCode)
            {
                refusal = string.Create(CultureInfo.InvariantCulture, $"{(int)added.StatusCode} for the titles");
            }
            else if (await api.AppendAsync(past) is { Kind: not RecordKind.Ok } refused)
            {
                refusal = string.Create(CultureInfo.InvariantCulture, $"{refused.Status} {refused.Detail}");
            }
            else
            {
                return;
            }

            await Task.Delay(Pause, history.Time, cancelled);
        }
        while (history.Now < deadline);
        throw new CommandFailure($"The cluster took no titles and events before the first fault: {refusal}");
    }

    /// <summary>Waits until the cluster is well, records what it holds, and ends its silos in order, so that they have stored all of it.</summary>
    public async Task RunAsync(CancellationToken cancelled)
    {
        var deadline = history.Now + LongestHealing.TotalMilliseconds;
        string? complaint;
        while ((complaint = await ComplaintAsync(cancelled)) is not null && history.Now < deadline)
        {
            await Task.Delay(Pause, history.Time, cancelled);
        }

        history.Add(new HistoryRecord
        {
            At = 0,
            Kind = RecordKind.Final,
            Action = CallAction.Liveness,
            Detail = complaint is null ? null : string.Create(CultureInfo.InvariantCulture, $"{LongestHealing.TotalSeconds:0} s after the last fault: {complaint}"),
        });
        string[] users = [.. history.Records.Where(record => record.Kind == RecordKind.Invoke).SelectMany(record => record.Events ?? []).Select(sent => sent.User).Distinct()];
        var end = history.Now + LongestReview.TotalMilliseconds;
        foreach (var user in users.TakeWhile(_ => history.Now < end))
        {
            if (await PatientlyAsync(() => api.FinalReadAsync(user), cancelled) is { } held)
            {
                history.Add(held);
            }
        }

        await RecordCountsAsync(cancelled);
        string[] erased = [.. history.Records.Where(record => record is { Kind: RecordKind.Invoke, Action: CallAction.Erase }).Select(record => record.User!).Distinct()];
        foreach (var user in erased.TakeWhile(_ => history.Now < end))
        {
            await api.RecommendAsync(user);
        }

        // One after the other: the last one ends up with all partitions.
        foreach (var silo in cluster.Silos)
        {
            if (await cluster.RetireAsync(silo) is { } late)
            {
                history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Final, Action = CallAction.Liveness, Detail = late });
            }
        }
    }

    /// <summary>What is not well yet; null when all is.</summary>
    private async Task<string?> ComplaintAsync(CancellationToken cancelled)
    {
        foreach (var silo in cluster.Silos)
        {
            NodeStatus status;
            try
            {
                using var node = cluster.OpenSilo(silo);
                status = await new MarqueeClient(node, new MarqueeClientOptions { RetryBudget = TimeSpan.Zero }).GetStatusAsync(cancelled);
            }
            catch (Exception exception) when (exception is MarqueeUnavailableException or MarqueeProblemException)
            {
                return $"silo {silo} does not answer: {exception.Message}";
            }

            var active = status.Silos.Count(entry => entry.Status == "Active");
            if (!status.Ready || active != cluster.Silos.Count)
            {
                return string.Create(CultureInfo.InvariantCulture, $"silo {silo} is {(status.Ready ? "ready" : $"not ready ({status.Activity})")} and knows {active} active silos");
            }

            if (status.Partitions.FirstOrDefault(partition => string.IsNullOrEmpty(partition.Silo) || partition.Lag > 0 || partition.UndeliveredUsers > 0) is { } behind)
            {
                return string.Create(CultureInfo.InvariantCulture, $"partition {behind.Partition} is behind: {behind.State}, lag {behind.Lag}, {behind.UndeliveredUsers} viewers not told");
            }
        }

        var user = $"liveness-{Guid.NewGuid():N}";
        var written = await api.AppendAsync([new RecordedEvent(user, user, ChaosLoad.Titles[0], "like")]);
        return written.Kind != RecordKind.Ok ? $"a fresh event is refused with {written.Status}: {written.Detail}"
            : await api.FinalReadAsync(user) is not { Events: [_] } ? "a fresh event is not read"
            : null;
    }

    /// <summary>Counters follow the events within a second or so: the last of two equal rounds is recorded.</summary>
    private async Task RecordCountsAsync(CancellationToken cancelled)
    {
        var deadline = history.Now + LongestRead.TotalMilliseconds;
        HistoryRecord[] last = [];
        while (true)
        {
            var counts = new List<HistoryRecord>();
            foreach (var title in ChaosLoad.Titles)
            {
                if (await PatientlyAsync(() => api.FinalCountAsync(title), cancelled) is { } count)
                {
                    counts.Add(count);
                }
            }

            if (history.Now > deadline || (last.Length == counts.Count && last.Zip(counts).All(pair => pair.First.Counts!.OrderBy(count => count.Key).SequenceEqual(pair.Second.Counts!.OrderBy(count => count.Key)))))
            {
                counts.ForEach(count => history.Add(count));
                return;
            }

            last = [.. counts];
            await Task.Delay(TimeSpan.FromSeconds(2), history.Time, cancelled);
        }
    }

    private async Task<HistoryRecord?> PatientlyAsync(Func<Task<HistoryRecord?>> read, CancellationToken cancelled)
    {
        var deadline = history.Now + LongestRead.TotalMilliseconds;
        while (true)
        {
            if (await read() is { } answer)
            {
                return answer;
            }

            if (history.Now > deadline)
            {
                return null;
            }

            await Task.Delay(Pause, history.Time, cancelled);
        }
    }
}

/// <summary>A title as it is sent.</summary>
internal sealed record TitleBody(string TitleId, string Name, string[] Genres);
