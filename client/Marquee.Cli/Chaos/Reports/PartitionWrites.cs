using Marquee.Cli.Chaos.Histories;

namespace Marquee.Cli.Chaos.Reports;

/// <summary>For how long partitions took no writes, as clients saw it.</summary>
/// <remarks>Events of users whose partition is not known (<see cref="UserPartitions"/>) are left out.</remarks>
internal sealed class PartitionWrites
{
    private readonly List<Write[]> _partitions = [];

    /// <param name="calls">All calls of a run.</param>
    public PartitionWrites(IReadOnlyList<CallRecord> calls)
    {
        CallRecord[] appends = [.. calls.Where(call => call.Invoke.Action == CallAction.Append)];
        var partitionOf = UserPartitions.Of(appends);
        var writes = new Dictionary<int, List<Write>>();
        foreach (var call in appends)
        {
            var events = call.Invoke.Events ?? [];
            for (var i = 0; i < events.Count; i++)
            {
                if (partitionOf.GetValueOrDefault(events[i].User) is not { Count: 1 } one)
                {
                    continue;
                }

                if (!writes.TryGetValue(one.First(), out var list))
                {
                    writes[one.First()] = list = [];
                }

                var kind = call.Outcome is not { } outcome ? RecordKind.Unknown : outcome.Outcomes?[i] ?? outcome.Kind;
                list.Add(new Write(call.Invoke.At, kind == RecordKind.Ok ? call.Outcome!.At : double.PositiveInfinity));
            }
        }

        var end = calls.Count == 0 ? 0 : calls.Max(call => call.Outcome?.At ?? call.Invoke.At);
        foreach (var list in writes.Values)
        {
            Write[] ordered = [.. list.OrderBy(write => write.SentAt)];

            // Of each write: when one that was sent with it or later was first acknowledged, or else the end.
            var next = end;
            for (var i = ordered.Length - 1; i >= 0; i--)
            {
                next = Math.Min(next, ordered[i].AcknowledgedAt);
                ordered[i] = ordered[i] with { AcknowledgedAt = next };
            }

            _partitions.Add(ordered);
        }
    }

    /// <summary>
    /// The longest part of this time, in milliseconds, from when a write was sent until its partition acknowledged that or a
    /// later one: what comes behind is the next fault's.
    /// </summary>
    public double LongestStop(double from, double to) => _partitions
        .SelectMany(writes => writes.Where(write => write.SentAt >= from && write.SentAt < to))
        .Select(write => Math.Min(write.AcknowledgedAt, to) - write.SentAt)
        .DefaultIfEmpty(0)
        .Max();

    private readonly record struct Write(double SentAt, double AcknowledgedAt);
}
