using Marquee.Client;
using Marquee.Client.Operations;

namespace Marquee.Cli.Load.Measuring;

/// <summary>Reads from the nodes' status what their processes use.</summary>
/// <param name="nodes">All nodes whose use counts; one that is left out is not seen, even when it does the work.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeMeter(IReadOnlyList<MarqueeClient> nodes, TimeProvider time)
{
    private static readonly TimeSpan SettleMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SettleStep = TimeSpan.FromMilliseconds(200);

    /// <summary>Reads all nodes once what was acknowledged has gone all its way: an event costs something after its acknowledgement too.</summary>
    /// <returns>The reading, not <see cref="NodeReading.IsSettled"/> when that took longer than ten seconds; null when a node does not answer for so long.</returns>
    public async Task<NodeReading?> ReadSettledAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            var reading = await ReadAsync(cancellationToken);
            if (reading is { IsSettled: true } || time.GetElapsedTime(start) > SettleMax)
            {
                return reading;
            }

            await Task.Delay(SettleStep, time, cancellationToken);
        }
    }

    /// <summary>What was used between two readings; null when a node has been started anew, for its counters began again.</summary>
    public NodeUse? Between(NodeReading first, NodeReading last) => first.Starts.SequenceEqual(last.Starts)
        ? new NodeUse(
            nodes.Count,
            time.GetElapsedTime(first.Timestamp, last.Timestamp).TotalSeconds,
            last.CpuSeconds - first.CpuSeconds,
            last.AllocatedBytes - first.AllocatedBytes,
            last.EventsAccepted - first.EventsAccepted)
        : null;

    private async Task<NodeReading?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return NodeReading.Of(await Task.WhenAll(nodes.Select(node => node.GetStatusAsync(cancellationToken))), time.GetTimestamp());
        }
        catch (MarqueeUnavailableException)
        {
            // Overload is what a load is for: the node may answer again when it is over.
            return null;
        }
    }
}

/// <summary>What the processes of all nodes have used since they started.</summary>
/// <param name="Timestamp">When it was read.</param>
/// <param name="Starts">When each node started.</param>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="AllocatedBytes">Bytes allocated.</param>
/// <param name="EventsAccepted">Events that they counted as new.</param>
/// <param name="IsSettled">Whether every event is in the catalogue's rows and at its user.</param>
internal sealed record NodeReading(long Timestamp, IReadOnlyList<DateTimeOffset?> Starts, double CpuSeconds, long AllocatedBytes, long EventsAccepted, bool IsSettled)
{
    public static NodeReading Of(IReadOnlyList<NodeStatus> statuses, long timestamp) => new(
        timestamp,
        [.. statuses.Select(status => status.StartedAt)],
        statuses.Sum(status => status.Process.CpuSeconds),
        statuses.Sum(status => status.Process.AllocatedBytes),
        statuses.Sum(status => status.Events.Accepted),
        statuses.All(status => status.Partitions.All(partition => partition is { Lag: 0, UndeliveredUsers: 0 })));
}

/// <summary>What the processes of all nodes used in a time.</summary>
/// <param name="Nodes">How many nodes.</param>
/// <param name="Seconds">The time.</param>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="AllocatedBytes">Bytes allocated.</param>
/// <param name="EventsAccepted">Events that they counted as new, whoever sent them.</param>
internal sealed record NodeUse(int Nodes, double Seconds, double CpuSeconds, long AllocatedBytes, long EventsAccepted)
{
    /// <summary>Without what the nodes use when nothing is asked of them.</summary>
    public NodeUse Less(NodeUse? idle) => idle is { Seconds: > 0 }
        ? this with
        {
            CpuSeconds = CpuSeconds - (idle.CpuSeconds * Seconds / idle.Seconds),
            AllocatedBytes = AllocatedBytes - (long)(idle.AllocatedBytes * Seconds / idle.Seconds),
        }
        : this;
}
