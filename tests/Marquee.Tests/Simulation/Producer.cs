using Marquee.Contracts.Events;

namespace Marquee.Tests.Simulation;

/// <summary>A client that sends, sends again with the same ids while the outcome is not known, and at times what was acknowledged already.</summary>
internal sealed class Producer(SimulatedCluster cluster, RunHistory history, Workload workload, Random chance, TimeProvider time, Trace trace)
{
    private const int InFlightMost = 24;
    private const int KeptMost = 64;

    private readonly List<Task> _inFlight = [];
    private readonly List<Shipment> _acknowledged = [];

    /// <summary>By user, the newest position that was acknowledged to this producer.</summary>
    public SortedDictionary<string, LogPosition> Tokens { get; } = new(StringComparer.Ordinal);

    public async Task Run(Func<bool> isOver)
    {
        while (!isOver())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(1 + chance.Next(20)), time);
            _inFlight.RemoveAll(task => task.IsCompleted);
            if (_inFlight.Count < InFlightMost)
            {
                var again = _acknowledged.Count > 0 && chance.Next(12) == 0;
                _inFlight.Add(Send(again ? _acknowledged[chance.Next(_acknowledged.Count)] : workload.Next(), attemptsMost: 8));
            }
        }

        await Task.WhenAll(_inFlight);
    }

    /// <summary>Sends until it is acknowledged, or given up.</summary>
    public async Task<bool> Send(Shipment shipment, int attemptsMost)
    {
        for (var attempt = 0; attempt < attemptsMost; attempt++)
        {
            var outcome = await Try(shipment);
            if (outcome == AppendOutcome.Accepted)
            {
                Keep(shipment);
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50 * (1 << Math.Min(attempt, 6)) * (1 + chance.NextDouble())), time);
        }

        return false;
    }

    private async Task<AppendOutcome> Try(Shipment shipment)
    {
        foreach (var entry in shipment.Entries)
        {
            history.Invoked(entry, shipment.Partition);
        }

        var result = await Ask(shipment);
        trace.Note($"{EventKey.Of(shipment.Entries[0])}+{shipment.Entries.Count}: {result?.Outcome.ToString() ?? "no answer"} {result?.Position}");
        foreach (var entry in shipment.Entries)
        {
            switch (result?.Outcome)
            {
                case AppendOutcome.Accepted:
                    history.Acknowledged(entry, result.Position);
                    break;
                case AppendOutcome.Busy or AppendOutcome.Unavailable:
                    history.Refused(entry);
                    break;
                default:
                    history.Unknown(entry);
                    break;
            }
        }

        if (result is { Outcome: AppendOutcome.Accepted } && result.Accepted + result.Duplicates != shipment.Entries.Count)
        {
            history.Contradictions.Add($"{result.Accepted} accepted and {result.Duplicates} duplicates of {shipment.Entries.Count} entries.");
        }

        return result?.Outcome ?? AppendOutcome.Unknown;
    }

    private async Task<AppendResult?> Ask(Shipment shipment)
    {
        var entrance = cluster.Nodes.Count == 0 ? null : cluster.Nodes[chance.Next(cluster.Nodes.Count)];
        var partition = new SimulatedGrains(cluster, entrance).GetGrain<IEventPartitionGrain>(shipment.Partition);
        try
        {
            return shipment.Messages.IsEmpty
                ? await partition.EraseUser(shipment.Tenant, shipment.Entries[0].UserId)
                : await partition.Append(shipment.Tenant, shipment.Messages);
        }
        catch (Exception exception)
        {
            trace.Note($"partition {shipment.Partition}: {exception.GetType().Name}");
            return null;
        }
    }

    private void Keep(Shipment shipment)
    {
        foreach (var entry in shipment.Entries)
        {
            var position = history.Entries[EventKey.Of(entry)].Acknowledgements[^1];
            if (!Tokens.TryGetValue(entry.UserKey, out var known) || known.Offset < position.Offset)
            {
                Tokens[entry.UserKey] = position;
            }
        }

        if (!shipment.Messages.IsEmpty && chance.Next(3) == 0)
        {
            if (_acknowledged.Count == KeptMost)
            {
                _acknowledged.RemoveAt(0);
            }

            _acknowledged.Add(shipment);
        }
    }
}
