using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>What every recommendation for a user who was erased before it was asked for has to satisfy: it knows nothing of the user's past, be it ranked anew or kept from before.</summary>
internal static class SlateRules
{
    public static void Check(IReadOnlyList<CallRecord> calls, RecordedLog log, EventFates fates, List<Violation> violations)
    {
        // The first one: of an erasure that was asked for several times, what came behind any of them is not from before.
        var erasedAt = log.Entries.Where(place => place.IsErasure).GroupBy(place => place.Event.User).ToDictionary(group => group.Key, group => group.First());
        foreach (var call in calls.Where(call => call is { Invoke.Action: CallAction.Recommend, Outcome.Kind: RecordKind.Ok }))
        {
            if (fates.ErasureOf(call.Invoke.User!) is not { } erasure || erasure.DoneAt >= call.Invoke.At)
            {
                continue;
            }

            var name = string.Create(CultureInfo.InvariantCulture, $"Slate {call.Invoke.Call} for {call.Invoke.User}, who was erased at {erasure.DoneAt} ms,");
            if (call.Outcome!.Because is [var title, ..])
            {
                violations.Add(new("erased", $"{name} gives {title} as a reason."));
            }

            if (PositionRules.Read(call.Outcome.Position ?? "") is (var partition, _, var offset)
                && erasedAt.GetValueOrDefault(call.Invoke.User!) is { } place && place.Partition == partition && offset < place.Offset)
            {
                violations.Add(new("erased", $"{name} is from {call.Outcome.Position}, before the erasure at {place.Place}."));
            }
        }
    }
}
