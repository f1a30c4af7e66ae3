using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// Judges a recorded history, final reads included. Pure: the same lines give the same findings.
/// </summary>
/// <remarks>
/// The rules. Reconciliation: each call that began ended once. Lost: an acknowledged event is in its user's final history.
/// Doubled: no answer shows an event twice. Invented: no answer shows an event that nobody sent, that was certainly not
/// written, or that is another user's. Read-your-writes: a read that carries the token of an acknowledgement shows everything
/// of that user that was acknowledged before, unless it says <c>degraded</c>. Vanished: what such a read has shown, later ones
/// show too. Erased: no history of an erased user shows an event, and no recommendation knows of one (<see cref="SlateRules"/>).
/// Counters: a title's final counts are those of the final histories, and of what erased users had sent, and nothing else is
/// counted. Positions: offsets and epochs of a partition grow, and no offset was given under two epochs. Slates and what else
/// is answered during the run: see <see cref="AnswerRules"/>. Log: see <see cref="LogRules"/> and <see cref="PlaceRules"/>.
/// Fold: see <see cref="FoldRules"/>. Liveness: the cluster came back to life after the last fault, and its silos ended in
/// order. What a history does not tell of is a violation too.
/// </remarks>
internal static class HistoryChecker
{
    /// <summary>Every violation of a rule.</summary>
    public static IReadOnlyList<Violation> Check(IReadOnlyList<HistoryRecord> history)
    {
        var violations = new List<Violation>();
        var calls = CallRecord.Join(history, violations);
        foreach (var call in calls.Where(call => call.Outcome is null))
        {
            violations.Add(new("reconciliation", $"Call {call.Invoke.Call} ({call.Invoke.Action}) has no outcome."));
        }

        var fates = new EventFates(calls);
        HistoryRecord[] finals = [.. history.Where(record => record.Kind == RecordKind.Final)];
        CheckFinalHistories(finals, fates, violations);
        ReadRules.Check(calls, finals, fates, violations);
        AnswerRules.Check(calls, fates, violations);
        CheckCounters(finals, fates, violations);
        PositionRules.Check(calls, violations);
        var log = new RecordedLog(finals, violations);
        LogRules.Check(log, calls, finals, fates, violations);
        PlaceRules.Check(log, calls, fates, violations);
        SlateRules.Check(calls, log, fates, violations);
        FoldRules.Check(log, finals, violations);
        violations.AddRange(finals.Where(record => record is { Action: CallAction.Liveness, Detail: not null }).Select(record => new Violation("liveness", record.Detail!)));
        if (!finals.Any(record => record.Action == CallAction.Liveness))
        {
            violations.Add(new("liveness", "The history does not tell whether the cluster came back to life."));
        }

        return violations;
    }

    private static void CheckFinalHistories(HistoryRecord[] finals, EventFates fates, List<Violation> violations)
    {
        var held = finals.Where(record => record.Action == CallAction.Read).ToDictionary(record => record.User!, record => record.Events!.Select(shown => shown.Id).ToHashSet());
        foreach (var user in fates.All.Select(fate => fate.Event.User).Distinct().Where(user => !held.ContainsKey(user)))
        {
            violations.Add(new("reconciliation", $"The final history of {user} was not read."));
        }

        foreach (var fate in fates.All.Where(fate => fate.IsAcknowledged && fates.ErasureOf(fate.Event.User) is null))
        {
            if (held.TryGetValue(fate.Event.User, out var events) && !events.Contains(fate.Event.Id))
            {
                violations.Add(new("lost", string.Create(CultureInfo.InvariantCulture, $"{fate.Event.Id} of {fate.Event.User}, acknowledged at {fate.AcknowledgedAt} ms, is not in the final history.")));
            }
        }
    }

    private static void CheckCounters(HistoryRecord[] finals, EventFates fates, List<Violation> violations)
    {
        var least = new Dictionary<(string Title, string Type), long>();
        var most = new Dictionary<(string Title, string Type), long>();
        foreach (var shown in finals.Where(record => record.Action == CallAction.Read && fates.ErasureOf(record.User!) is null).SelectMany(record => record.Events!))
        {
            Count(least, shown);
            Count(most, shown);
        }

        // Sums over many users keep the counts of those who were erased; they name nobody.
        foreach (var fate in fates.All.Where(fate => fates.ErasureOf(fate.Event.User) is not null))
        {
            if (fate.IsAcknowledged)
            {
                Count(least, fate.Event);
            }

            if (fate.IsAcknowledged || fate.MayBeThere)
            {
                Count(most, fate.Event);
            }
        }

        var counted = finals.Where(record => record.Action == CallAction.Count).ToDictionary(record => record.Title!, record => record.Counts!);
        foreach (var (title, type) in most.Keys.Union(counted.SelectMany(pair => pair.Value.Keys.Select(type => (pair.Key, type)))))
        {
            var (low, high) = (least.GetValueOrDefault((title, type)), most.GetValueOrDefault((title, type)));
            if (!counted.TryGetValue(title, out var counts))
            {
                violations.Add(new("counters", $"The final counts of {title} were not read."));
            }
            else if (counts.GetValueOrDefault(type) is var count && (count < low || count > high))
            {
                violations.Add(new("counters", $"{title} counts {count} of {type}; the histories have {(low == high ? $"{low}" : $"{low} to {high}")}."));
            }
        }

        static void Count(Dictionary<(string, string), long> counts, RecordedEvent shown) =>
            counts[(shown.Title, shown.Type)] = counts.GetValueOrDefault((shown.Title, shown.Type)) + 1;
    }
}
