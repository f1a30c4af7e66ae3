namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// What the partitions' log has to satisfy, as it was followed from the run's beginning: offsets without gap, epochs that do not
/// go back, each acknowledged event once, none twice, none that nobody sent or that was certainly refused, all of a user in one
/// partition, and all that final histories show. Where each event is, <see cref="PlaceRules"/> judge. Behind an erasure a
/// partition lets go of its log, at times before it was read: as many of that partition's events may then be unaccounted for as
/// there are offsets of it that were not read.
/// </summary>
internal static class LogRules
{
    public static void Check(RecordedLog log, IReadOnlyList<CallRecord> calls, IReadOnlyList<HistoryRecord> finals, EventFates fates, List<Violation> violations)
    {
        if (log.Entries.Count == 0)
        {
            violations.Add(new("log", "The history does not have the log."));
            return;
        }

        var held = new HashSet<string>(StringComparer.Ordinal);
        var erased = new HashSet<string>(StringComparer.Ordinal);
        var partitionOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var place in log.Entries)
        {
            var entry = place.Event;
            if (!partitionOf.TryAdd(entry.User, place.Partition) && partitionOf[entry.User] != place.Partition)
            {
                violations.Add(new("log", $"{entry} is in partition {place.Partition} of the log; others of the user are in partition {partitionOf[entry.User]}."));
            }

            if (place.IsErasure)
            {
                erased.Add(entry.User);
                if (fates.ErasureOf(entry.User) is null)
                {
                    violations.Add(new("log", $"{entry.User} is erased at {place.Place}, and nobody asked for it."));
                }
            }
            else if (!held.Add(entry.Id))
            {
                violations.Add(new("log", $"{entry.Id} of {entry.User} is in the log twice."));
            }
            else if (fates.Of(entry.Id) is not { } fate || fate.Event != entry)
            {
                violations.Add(new("log", $"{entry} is in the log, and nobody sent it."));
            }
            else if (!fate.IsAcknowledged && !fate.MayBeThere)
            {
                violations.Add(new("log", $"{entry.Id} of {entry.User} is in the log, and was certainly refused."));
            }
        }

        var acknowledged = fates.All.Where(fate => fate.IsAcknowledged && !held.Contains(fate.Event.Id)).Select(fate => new Missing(
            fate.Event.User, $"{fate.Event.Id} of {fate.Event.User}, which was acknowledged, is not in the log"));
        var shown = finals.Where(record => record.Action == CallAction.Read).SelectMany(record => record.Events!)
            .Where(shown => !held.Contains(shown.Id) && fates.Of(shown.Id) is not { IsAcknowledged: true })
            .Select(shown => new Missing(shown.User, $"{shown.Id} is in the final history of {shown.User}, and not in the log"));
        var erasures = fates.Erasures.Where(pair => pair.Value.DoneAt < double.MaxValue && !erased.Contains(pair.Key)).Select(pair => new Missing(
            pair.Key, $"The erasure of {pair.Key}, which was acknowledged, is not in the log"));
        CheckMissing([.. acknowledged, .. shown, .. erasures], log, partitionOf, UserPartitions.Of(calls), violations);
    }

    /// <summary>What was not read excuses what is missing, partition by partition.</summary>
    private static void CheckMissing(Missing[] missing, RecordedLog log, Dictionary<string, int> partitionOf, Dictionary<string, HashSet<int>> possible, List<Violation> violations)
    {
        int[] unread = [.. log.Unread.Keys];
        var excused = new Dictionary<int, List<Missing>>();

        // Those whose partition is known for certain come first; each of the others is given the partition that has most room left for it.
        foreach (var (lacking, places) in missing.Select(lacking => (lacking, Places: PlacesOf(lacking.User))).OrderBy(pair => pair.Places.Length))
        {
            if (places.Length == 0)
            {
                violations.Add(new("log", $"{lacking.Claim}."));
                continue;
            }

            var place = places.MaxBy(partition => log.Unread[partition] - (excused.GetValueOrDefault(partition)?.Count ?? 0));
            if (!excused.TryGetValue(place, out var others))
            {
                excused[place] = others = [];
            }

            others.Add(lacking);
        }

        foreach (var (partition, lackings) in excused.Where(pair => pair.Value.Count > log.Unread[pair.Key]))
        {
            violations.AddRange(lackings.Select(lacking => new Violation("log", $"{lacking.Claim}, of which {log.Unread[partition]} offsets of partition {partition} were not read: too few for the {lackings.Count} that are missing.")));
        }

        int[] PlacesOf(string user) => partitionOf.TryGetValue(user, out var known)
            ? [.. unread.Where(partition => partition == known)]
            : [.. unread.Where(partition => possible.GetValueOrDefault(user) is not { Count: > 0 } some || some.Contains(partition))];
    }

    /// <summary>Something of a user that the log should have.</summary>
    private sealed record Missing(string User, string Claim);
}
