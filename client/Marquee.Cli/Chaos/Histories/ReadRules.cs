using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>What every answer that shows a user's history has to satisfy.</summary>
internal static class ReadRules
{
    public static void Check(IReadOnlyList<CallRecord> calls, IReadOnlyList<HistoryRecord> finals, EventFates fates, List<Violation> violations)
    {
        var events = fates.All.GroupBy(fate => fate.Event.User).ToDictionary(group => group.Key, group => group.ToArray());
        var finalReads = finals.Where(record => record.Action == CallAction.Read).Select(record => new CallRecord(record with { Call = -1 }, record));
        var reads = calls.Where(call => call.Invoke.Action == CallAction.Read && call.Outcome?.Kind == RecordKind.Ok).Concat(finalReads);
        foreach (var ofUser in reads.GroupBy(read => read.Invoke.User!))
        {
            // Until when what was shown has to stay shown: a read that began after another had ended follows it.
            var shownSince = new Dictionary<string, double>(StringComparer.Ordinal);
            foreach (var read in ofUser.OrderBy(read => read.Invoke.At))
            {
                HashSet<string> shown = [];
                foreach (var entry in read.Outcome!.Events ?? [])
                {
                    if (!shown.Add(entry.Id))
                    {
                        violations.Add(new("doubled", $"{Name(read)} shows {entry.Id} twice."));
                    }

                    CheckInvented(read, entry, fates, violations);
                }

                if (fates.ErasureOf(ofUser.Key) is { } erasure)
                {
                    if (erasure.DoneAt < read.Invoke.At && shown.Count > 0)
                    {
                        violations.Add(new("erased", $"{Name(read)} shows {shown.First()}, and the user was erased at {Text(erasure.DoneAt)} ms."));
                    }

                    // While an erasure is under way, or its outcome unknown, what was there may be gone.
                    if (erasure.BegunAt < read.Outcome.At)
                    {
                        continue;
                    }
                }

                var isFinal = read.Invoke.Call == -1;
                if (read.Outcome.Degraded || (read.Invoke.After is null && !isFinal))
                {
                    continue;
                }

                if (!isFinal)
                {
                    CheckOwnWrites(read, shown, events.GetValueOrDefault(ofUser.Key, []), violations);
                }

                foreach (var gone in shownSince.Where(earlier => earlier.Value < read.Invoke.At && !shown.Contains(earlier.Key)))
                {
                    violations.Add(new("vanished", $"{Name(read)} does not show {gone.Key}, which was shown at {Text(gone.Value)} ms."));
                }

                foreach (var id in shown)
                {
                    shownSince.TryAdd(id, read.Outcome.At);
                }
            }
        }
    }

    private static void CheckOwnWrites(CallRecord read, HashSet<string> shown, EventFate[] events, List<Violation> violations)
    {
        foreach (var fate in events.Where(fate => fate.AcknowledgedAt < read.Invoke.At && !shown.Contains(fate.Event.Id)))
        {
            violations.Add(new("read-your-writes", $"{Name(read)} with after={read.Invoke.After} does not show {fate.Event.Id}, acknowledged at {Text(fate.AcknowledgedAt)} ms."));
        }
    }

    private static void CheckInvented(CallRecord read, RecordedEvent entry, EventFates fates, List<Violation> violations)
    {
        if (fates.Of(entry.Id) is not { } fate || fate.SentAt > read.Outcome!.At)
        {
            violations.Add(new("invented", $"{Name(read)} shows {entry.Id}, which nobody had sent."));
        }
        else if (fate.Event != entry)
        {
            violations.Add(new("invented", $"{Name(read)} shows {entry}, which was sent as {fate.Event}."));
        }
        else if (!fate.IsAcknowledged && !fate.MayBeThere)
        {
            violations.Add(new("invented", $"{Name(read)} shows {entry.Id}, and each call that carried it was told that nothing was written."));
        }
    }

    private static string Name(CallRecord read) =>
        read.Invoke.Call == -1 ? $"The final history of {read.Invoke.User}" : $"Read {read.Invoke.Call} of {read.Invoke.User} at {Text(read.Invoke.At)} ms";

    private static string Text(double milliseconds) => milliseconds.ToString(CultureInfo.InvariantCulture);
}
