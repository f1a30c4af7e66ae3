using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// What answers satisfy while faults are inflicted, besides histories. Slate: recommendations that carry the token of an
/// acknowledgement do not show what the user had completed before, unless they say <c>degraded</c>. Count: a title counts at
/// most what was sent of it, and at least what was acknowledged <see cref="LongestLag"/> before. Title: a title is shown as it
/// was written last, or at least as it was written so long before.
/// </summary>
internal static class AnswerRules
{
    /// <summary>
    /// Catalogue and counters follow events and writes within a second or so, and behind a fault when it is healed: longer than
    /// any fault keeps a node from the others, and it a while to catch up.
    /// </summary>
    public static readonly TimeSpan LongestLag = TimeSpan.FromSeconds(120);

    private const string Completed = "complete";

    public static void Check(IReadOnlyList<CallRecord> calls, EventFates fates, List<Violation> violations)
    {
        CallRecord[] answered = [.. calls.Where(call => call.Outcome?.Kind == RecordKind.Ok)];
        CheckSlates(answered, fates, violations);
        CheckCounts(answered, fates, violations);
        CheckTitles(calls, answered, violations);
    }

    private static void CheckSlates(CallRecord[] answered, EventFates fates, List<Violation> violations)
    {
        var completed = fates.All.Where(fate => fate.IsAcknowledged && fate.Event.Type == Completed).ToLookup(fate => fate.Event.User);
        foreach (var slate in answered.Where(call => call is { Invoke: { Action: CallAction.Recommend, After: not null }, Outcome: { Degraded: false, Shown: not null } }))
        {
            if (fates.ErasureOf(slate.Invoke.User!) is { } erasure && erasure.BegunAt < slate.Outcome!.At)
            {
                continue;
            }

            var shown = slate.Outcome!.Shown!.ToHashSet();
            foreach (var fate in completed[slate.Invoke.User!].Where(fate => fate.AcknowledgedAt < slate.Invoke.At && shown.Contains(fate.Event.Title)))
            {
                violations.Add(new("slate", string.Create(
                    CultureInfo.InvariantCulture,
                    $"Slate {slate.Invoke.Call} of {slate.Invoke.User} at {slate.Invoke.At} ms with after={slate.Invoke.After} shows {fate.Event.Title}, whose completion {fate.Event.Id} was acknowledged at {fate.AcknowledgedAt} ms.")));
            }
        }
    }

    private static void CheckCounts(CallRecord[] answered, EventFates fates, List<Violation> violations)
    {
        var ofTitle = fates.All.ToLookup(fate => fate.Event.Title);
        foreach (var call in answered.Where(call => call is { Invoke.Action: CallAction.Count, Outcome.Counts: not null }))
        {
            foreach (var ofType in ofTitle[call.Invoke.Title!].GroupBy(fate => fate.Event.Type))
            {
                var count = call.Outcome!.Counts!.GetValueOrDefault(ofType.Key);
                var least = ofType.Count(fate => fate.AcknowledgedAt < call.Invoke.At - LongestLag.TotalMilliseconds);
                var most = ofType.Count(fate => fate.SentAt < call.Outcome.At);
                if (count < least || count > most)
                {
                    violations.Add(new("count", string.Create(
                        CultureInfo.InvariantCulture,
                        $"{call.Invoke.Title} counts {count} of {ofType.Key} at {call.Invoke.At} ms; {least} were acknowledged long before, and {most} were sent until then.")));
                }
            }
        }
    }

    /// <remarks>A title has one writer, which does one thing after the other.</remarks>
    private static void CheckTitles(IReadOnlyList<CallRecord> calls, CallRecord[] answered, List<Violation> violations)
    {
        var writes = calls.Where(call => call.Invoke.Action == CallAction.Upsert).ToLookup(call => call.Invoke.Title!);
        foreach (var read in answered.Where(call => call.Invoke.Action == CallAction.Title))
        {
            var ofTitle = writes[read.Invoke.Title!];
            var least = ofTitle.Where(write => write.Outcome?.Kind == RecordKind.Ok && write.Outcome.At < read.Invoke.At - LongestLag.TotalMilliseconds).Max(write => write.Invoke.Version) ?? 0;
            var most = ofTitle.Where(write => write.Invoke.At < read.Outcome!.At).Max(write => write.Invoke.Version) ?? 0;

            // Of a write of unknown outcome nobody knows when it came.
            var mayHaveComeLate = ofTitle.Any(write => write.Outcome?.Kind is not (RecordKind.Ok or RecordKind.Fail) && write.Invoke.Version == read.Outcome!.Version);
            if (read.Outcome!.Version is not { } version || version > most || (version < least && !mayHaveComeLate))
            {
                violations.Add(new("title", string.Create(
                    CultureInfo.InvariantCulture,
                    $"{read.Invoke.Title} is shown in version {read.Outcome.Version} at {read.Invoke.At} ms; {least} was written long before, and {most} was the last sent until then.")));
            }
        }
    }
}
