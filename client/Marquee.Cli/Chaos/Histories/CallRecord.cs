namespace Marquee.Cli.Chaos.Histories;

/// <summary>A call: how it began, and how it ended if it did.</summary>
/// <param name="Invoke">Its first line.</param>
/// <param name="Outcome">Its last line; null when the history has none.</param>
internal sealed record CallRecord(HistoryRecord Invoke, HistoryRecord? Outcome)
{
    /// <summary>How long it took, in milliseconds; null when it never ended.</summary>
    public double? Milliseconds => Outcome?.At - Invoke.At;

    /// <summary>Joins a history's lines to calls, in the order in which they began.</summary>
    /// <param name="history">The lines.</param>
    /// <param name="violations">Gets outcomes that belong to no call, or to one that has ended.</param>
    public static List<CallRecord> Join(IReadOnlyList<HistoryRecord> history, List<Violation> violations)
    {
        var calls = new List<CallRecord>();
        var places = new Dictionary<long, int>();
        foreach (var record in history.Where(record => record.Call != 0))
        {
            if (record.Kind == RecordKind.Invoke)
            {
                if (!places.TryAdd(record.Call, calls.Count))
                {
                    violations.Add(new("reconciliation", $"Call {record.Call} begins twice."));
                    continue;
                }

                calls.Add(new CallRecord(record, null));
            }
            else if (!places.TryGetValue(record.Call, out var place) || calls[place].Outcome is not null)
            {
                violations.Add(new("reconciliation", $"Call {record.Call} ends at {record.At} ms, and never began or has ended already."));
            }
            else
            {
                calls[place] = calls[place] with { Outcome = record };
            }
        }

        return calls;
    }
}
