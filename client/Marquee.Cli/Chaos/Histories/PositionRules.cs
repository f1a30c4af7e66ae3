using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// What the positions of acknowledgements have to satisfy. A token is <c>partition.epoch.offset</c> for each partition,
/// joined by <c>_</c>; a position covers the events of its call and may cover more.
/// </summary>
internal static class PositionRules
{
    public static void Check(IReadOnlyList<CallRecord> calls, List<Violation> violations)
    {
        var epochOf = new Dictionary<(int Partition, long Offset), long>();
        var acknowledged = new Dictionary<int, List<Acknowledged>>();
        foreach (var call in calls)
        {
            // Of duplicates only one knows that they are written somewhere up to the position: another writer may have done so.
            if (call is not { Invoke.Action: CallAction.Append, Outcome: { Position: { } token, Duplicates: 0 } outcome })
            {
                continue;
            }

            foreach (var part in token.Split('_'))
            {
                if (Read(part) is not (var partition, var epoch, var offset))
                {
                    violations.Add(new("positions", $"Call {call.Invoke.Call} was acknowledged at '{part}', which is no position."));
                    continue;
                }

                if (epochOf.TryGetValue((partition, offset), out var other) && other != epoch)
                {
                    violations.Add(new("positions", $"Offset {offset} of partition {partition} was given under the epochs {other} and {epoch}."));
                }

                epochOf[(partition, offset)] = epoch;
                if (!acknowledged.TryGetValue(partition, out var list))
                {
                    acknowledged[partition] = list = [];
                }

                list.Add(new Acknowledged(call.Invoke.Call, call.Invoke.At, outcome.At, epoch, offset));
            }
        }

        foreach (var (partition, list) in acknowledged)
        {
            CheckGrows(partition, list, violations);
        }
    }

    /// <summary>A call that began after another had ended has a greater offset, and no smaller an epoch.</summary>
    private static void CheckGrows(int partition, List<Acknowledged> list, List<Violation> violations)
    {
        Acknowledged[] byEnd = [.. list.OrderBy(entry => entry.EndedAt)];
        Acknowledged? newest = null;
        long epoch = -1;
        var ended = 0;
        foreach (var entry in list.OrderBy(entry => entry.BeganAt))
        {
            for (; ended < byEnd.Length && byEnd[ended].EndedAt < entry.BeganAt; ended++)
            {
                newest = newest is null || byEnd[ended].Offset > newest.Offset ? byEnd[ended] : newest;
                epoch = Math.Max(epoch, byEnd[ended].Epoch);
            }

            if (newest is not null && newest.Offset >= entry.Offset)
            {
                violations.Add(new("positions", $"In partition {partition} call {entry.Call} got offset {entry.Offset}, after call {newest.Call} had got {newest.Offset}."));
            }

            if (epoch > entry.Epoch)
            {
                violations.Add(new("positions", $"In partition {partition} call {entry.Call} got epoch {entry.Epoch}, after another had got {epoch}."));
            }
        }
    }

    /// <summary>A token's part for one partition; null when it is none.</summary>
    internal static (int Partition, long Epoch, long Offset)? Read(string part) =>
        part.Split('.') is [var partition, var epoch, var offset]
        && int.TryParse(partition, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(epoch, NumberStyles.None, CultureInfo.InvariantCulture, out var era)
        && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var place)
            ? (number, era, place)
            : null;

    private sealed record Acknowledged(long Call, double BeganAt, double EndedAt, long Epoch, long Offset);
}
