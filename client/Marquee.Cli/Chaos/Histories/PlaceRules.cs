using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// What acknowledgements say of where events are in the log. A token covers each event of its call: for the partition of the
/// event's user it names an offset that is not before the event's and an epoch that is not older. When nothing of the call had
/// been there before, the epoch is that of the event and of the entry at the offset. An event that was sent after an offset of
/// its partition had been acknowledged is behind that. What one call sends of one user keeps its order.
/// </summary>
internal static class PlaceRules
{
    public static void Check(RecordedLog log, IReadOnlyList<CallRecord> calls, EventFates fates, List<Violation> violations)
    {
        var acknowledged = Acknowledged.Of(calls);
        var placeOf = new Dictionary<string, PlacedEvent>(StringComparer.Ordinal);
        foreach (var place in log.Entries.Where(place => !place.IsErasure))
        {
            placeOf[place.Event.Id] = place;
            if (fates.Of(place.Event.Id) is not { } fate)
            {
                continue;
            }

            if (acknowledged.GetValueOrDefault(place.Partition)?.Before(fate.SentAt) is { } before && (place.Offset <= before.Offset || place.Epoch < before.Epoch))
            {
                violations.Add(new("log", string.Create(
                    CultureInfo.InvariantCulture, $"{place.Event.Id} is at {place.Place}; when it was sent, at {fate.SentAt} ms, offset {before.Offset} and epoch {before.Epoch} of that partition had been acknowledged.")));
            }

            foreach (var call in fate.Acknowledgements)
            {
                CheckToken(log, place, call, violations);
            }
        }

        foreach (var sent in fates.All.GroupBy(fate => (fate.Event.User, fate.SentAt)))
        {
            PlacedEvent? last = null;
            foreach (var place in sent.Select(fate => placeOf.GetValueOrDefault(fate.Event.Id)).OfType<PlacedEvent>())
            {
                if (last is not null && last.Partition == place.Partition && last.Offset > place.Offset)
                {
                    violations.Add(new("log", $"{place.Event.Id} is at {place.Place}, before {last.Event.Id} at {last.Place}, which was sent before it in one call."));
                }

                last = place;
            }
        }
    }

    private static void CheckToken(RecordedLog log, PlacedEvent place, CallRecord call, List<Violation> violations)
    {
        var token = call.Outcome!.Position;
        var parts = (token ?? "").Split('_').Select(PositionRules.Read).Where(part => part?.Partition == place.Partition).Select(part => part!.Value).ToArray();
        if (parts is not [var (partition, epoch, offset)])
        {
            Add($"is at {place.Place}, of whose partition that says nothing");
            return;
        }

        var isFresh = call.Outcome.Duplicates == 0;
        if (place.Offset > offset || place.Epoch > epoch || (isFresh && place.Epoch != epoch))
        {
            Add($"is at {place.Place}");
        }

        if (offset >= log.EndOf(partition))
        {
            Add($"the partition's log ends before offset {log.EndOf(partition)}");
        }
        else if (log.EpochAt(partition, offset) is { } there && (there > epoch || (isFresh && there != epoch)))
        {
            Add($"offset {offset} of the partition has epoch {there}");
        }

        void Add(FormattableString found) => violations.Add(new("log", string.Create(
            CultureInfo.InvariantCulture, $"Call {call.Invoke.Call} acknowledged {place.Event.Id} at '{token}', and {found.ToString(CultureInfo.InvariantCulture)}.")));
    }

    /// <summary>What was acknowledged of one partition, in the order of time.</summary>
    private sealed class Acknowledged
    {
        private readonly List<(double At, long Offset, long Epoch)> _furthest = [];

        public static Dictionary<int, Acknowledged> Of(IReadOnlyList<CallRecord> calls)
        {
            var partitions = new Dictionary<int, Acknowledged>();
            foreach (var outcome in calls.Where(call => call is { Invoke.Action: CallAction.Append, Outcome.Position: not null }).Select(call => call.Outcome!).OrderBy(outcome => outcome.At))
            {
                foreach (var part in outcome.Position!.Split('_'))
                {
                    if (PositionRules.Read(part) is not (var partition, var epoch, var offset))
                    {
                        continue;
                    }

                    if (!partitions.TryGetValue(partition, out var acknowledged))
                    {
                        partitions[partition] = acknowledged = new Acknowledged();
                    }

                    var last = acknowledged._furthest is [.., var furthest] ? furthest : (0, -1, -1);
                    acknowledged._furthest.Add((outcome.At, Math.Max(offset, last.Offset), Math.Max(epoch, last.Epoch)));
                }
            }

            return partitions;
        }

        /// <summary>The furthest offset and epoch that were acknowledged before a time; null when nothing was.</summary>
        public (long Offset, long Epoch)? Before(double time)
        {
            var (low, high) = (0, _furthest.Count);
            while (low < high)
            {
                var middle = (low + high) / 2;
                (low, high) = _furthest[middle].At < time ? (middle + 1, high) : (low, middle);
            }

            return low == 0 ? null : (_furthest[low - 1].Offset, _furthest[low - 1].Epoch);
        }
    }
}
