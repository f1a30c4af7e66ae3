using System.Globalization;
using Marquee.Cli.Chaos.Clusters;
using Marquee.Cli.Chaos.Histories;
using Marquee.Cli.Chaos.Load;
using Marquee.Cli.Chaos.Nemeses;
using Marquee.Cli.Chaos.Reports;

namespace Marquee.Cli.Chaos;

/// <summary>Inflicts one fault after the other while clients work, then reads back everything that they know of.</summary>
/// <param name="cluster">The cluster.</param>
/// <param name="history">Gets everything.</param>
/// <param name="nemeses">The faults to choose from, at least one.</param>
/// <param name="seed">Decides which faults strike what, and what clients do.</param>
/// <param name="say">Told how it goes.</param>
internal sealed class ChaosRun(ChaosCluster cluster, HistoryFile history, IReadOnlyList<INemesis> nemeses, int seed, Action<string> say)
{
    private const double SoonMilliseconds = 500;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(60);

    /// <summary>A silo that was evicted has to start, and the machine may be busy.</summary>
    private static readonly TimeSpan LongestHealing = TimeSpan.FromSeconds(60);

    private readonly Random _random = new(seed);

    /// <summary>Runs for so long or so many faults, and then as long as the check takes.</summary>
    /// <returns>The faults that were inflicted.</returns>
    public async Task<IReadOnlyList<Injection>> RunAsync(ChaosExtent extent, CancellationToken cancelled)
    {
        // Longer than a front door waits: what it does not answer is lost.
        using var http = new HttpClient { BaseAddress = cluster.Url, Timeout = TimeSpan.FromSeconds(30) };
        var api = new RecordedApi(http, history);
        var review = new FinalReview(cluster, api, http, history);
        await using var log = new LogFollower(cluster.OpenStore());
        await review.PrepareAsync(cancelled);
        List<Injection> injections = [];
        await using (var load = new ChaosLoad(api, seed))
        {
            await WarmUpAsync(cancelled);
            var end = history.Now + extent.Duration.TotalMilliseconds;
            var bag = new Queue<INemesis>();
            while (history.Now < end && injections.Count < extent.Faults)
            {
                injections.Add(await StrikeAsync(Next(bag), cancelled));
                if (!await cluster.UntilReadyAsync(LongestHealing, cancelled))
                {
                    NoteUnhealed(injections[^1]);
                }

                var rest = TimeSpan.FromMilliseconds(Math.Max(Calm.TotalMilliseconds, injections[^1].BeganAt + _random.Next(10_000, 20_000) - history.Now));
                await Task.Delay(rest, cancelled);
                injections[^1] = injections[^1] with { EndedAt = history.Now };
            }

            await load.StopAsync();
        }

        say("Reading everything back …");
        await review.RunAsync(cancelled);
        await log.RecordAsync(history, cancelled);
        return injections;
    }

    /// <summary>The cluster may well be there in the end: that it was not in between is a violation too.</summary>
    private void NoteUnhealed(Injection injection)
    {
        var complaint = string.Create(CultureInfo.InvariantCulture, $"{LongestHealing.TotalSeconds:0} s after {injection.Nemesis} ({injection.Target}) was healed, not every silo is ready.");
        say(complaint);
        history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Final, Action = CallAction.Liveness, Detail = complaint });
    }

    /// <summary>The first calls of new processes are slow without any fault.</summary>
    private async Task WarmUpAsync(CancellationToken cancelled)
    {
        var deadline = history.Now + LongestWarmUp.TotalMilliseconds;
        while (history.Now < deadline)
        {
            var since = history.Now;
            await Task.Delay(Calm, cancelled);
            CallRecord[] calls = [.. CallRecord.Join([.. history.Records.Where(record => record.At >= since)], []).Where(call => call.Invoke.At < since + (Calm.TotalMilliseconds / 2))];
            if (calls.Length > 0 && calls.All(call => call is { Outcome.Kind: RecordKind.Ok, Milliseconds: < SoonMilliseconds }))
            {
                return;
            }
        }
    }

    /// <summary>Each fault strikes once before one strikes again.</summary>
    private INemesis Next(Queue<INemesis> bag)
    {
        if (bag.Count == 0)
        {
            INemesis[] shuffled = [.. nemeses];
            _random.Shuffle(shuffled);
            foreach (var nemesis in shuffled)
            {
                bag.Enqueue(nemesis);
            }
        }

        return bag.Dequeue();
    }

    private async Task<Injection> StrikeAsync(INemesis nemesis, CancellationToken cancelled)
    {
        var began = history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Nemesis, Detail = $"{nemesis.Name} begins" }).At;
        var target = await nemesis.StrikeAsync(cluster, _random, cancelled);
        var healed = history.Add(new HistoryRecord { At = 0, Kind = RecordKind.Nemesis, Detail = $"{nemesis.Name} on {target} is healed" }).At;
        cancelled.ThrowIfCancellationRequested();
        say(string.Create(CultureInfo.InvariantCulture, $"{began / 1_000,6:0} s  {nemesis.Name} ({target}), {(healed - began) / 1_000:0.0} s"));
        return new Injection(nemesis.Name, target, began, healed, healed);
    }
}

/// <summary>How much of it; whichever is reached first.</summary>
/// <param name="Duration">Faults begin for so long.</param>
/// <param name="Faults">How many faults at most.</param>
internal readonly record struct ChaosExtent(TimeSpan Duration, int Faults);
