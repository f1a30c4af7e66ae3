using Marquee.Contracts.Events;
using Marquee.Contracts.Users;

namespace Marquee.Tests.Simulation;

/// <summary>A client that reads histories, mostly with the token of something that was acknowledged before.</summary>
internal sealed class Viewer(SimulatedCluster cluster, RunHistory history, IReadOnlyList<Producer> producers, Workload workload, Random chance, TimeProvider time, Trace trace)
{
    private readonly List<Task> _inFlight = [];

    public async Task Run(Func<bool> isOver)
    {
        while (!isOver())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1 + chance.Next(60)), time);
            _inFlight.RemoveAll(task => task.IsCompleted);
            var (tenant, userId) = workload.Viewer();
            var tokens = producers[chance.Next(producers.Count)].Tokens;
            LogPosition? after = chance.Next(5) > 0 && tokens.TryGetValue($"{tenant}/{userId}", out var token) ? token : null;
            _inFlight.Add(Read(tenant, userId, after));
        }

        await Task.WhenAll(_inFlight);
    }

    /// <summary>Reads one history.</summary>
    /// <returns>The answer; null when there was none.</returns>
    public async Task<HistoryRead?> Read(string tenant, string userId, LogPosition? after)
    {
        // Also one that the others take for dead, as long as it does not know.
        var entrance = cluster.Nodes.Count == 0 ? null : cluster.Nodes[chance.Next(cluster.Nodes.Count)];
        try
        {
            var page = await new SimulatedGrains(cluster, entrance).GetGrain<IUserGrain>($"{tenant}/{userId}").GetHistory(HistoryRead.EventsMost, null, after);
            trace.Note($"{tenant}/{userId} after {after}: {page.Events.Length} events at {page.Position}{(page.Degraded ? ", maybe older" : "")}");
            var read = new HistoryRead(tenant, userId, after, page.Degraded, page.Position, [.. page.Events.Select(entry => entry.EventId)]);
            history.Reads.Add(read);
            return read;
        }
        catch (Exception exception)
        {
            trace.Note($"{tenant}/{userId}: {exception.GetType().Name}");
            return null;
        }
    }
}
