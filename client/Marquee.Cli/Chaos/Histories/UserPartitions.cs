namespace Marquee.Cli.Chaos.Histories;

/// <summary>Which partition is whose, as position tokens tell: each names the partitions of its call's users, so that a user's is what all the tokens of its calls have in common.</summary>
internal static class UserPartitions
{
    /// <summary>By user, the partitions that may be its own: one, unless too little was acknowledged to tell.</summary>
    /// <param name="calls">Those that are not acknowledged appends count for nothing.</param>
    public static Dictionary<string, HashSet<int>> Of(IEnumerable<CallRecord> calls)
    {
        var partitionOf = new Dictionary<string, HashSet<int>>(StringComparer.Ordinal);
        foreach (var call in calls.Where(call => call is { Invoke.Action: CallAction.Append, Outcome: { Kind: RecordKind.Ok, Position: not null } }))
        {
            int[] named = [.. call.Outcome!.Position!.Split('_').Select(part => PositionRules.Read(part)?.Partition ?? -1)];
            foreach (var user in (call.Invoke.Events ?? []).Select(sent => sent.User).Distinct())
            {
                if (partitionOf.TryGetValue(user, out var known))
                {
                    known.IntersectWith(named);
                }
                else
                {
                    partitionOf[user] = [.. named];
                }
            }
        }

        return partitionOf;
    }
}
