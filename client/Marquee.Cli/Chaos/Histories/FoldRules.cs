using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// What the store holds is the fold of the log, and that was found out: every partition with entries was compared, and where all
/// of the log was read also each user who has events and each title that had some.
/// </summary>
internal static class FoldRules
{
    public static void Check(RecordedLog log, IReadOnlyList<HistoryRecord> finals, List<Violation> violations)
    {
        HistoryRecord[] lines = [.. finals.Where(record => record.Action == CallAction.Fold)];
        violations.AddRange(lines.Where(line => line.Detail is not null).Select(line => new Violation("fold", line.Detail!)));
        if (lines.Select(line => line.Compared).OfType<FoldComparison>().LastOrDefault() is not { } compared)
        {
            violations.Add(new("fold", "The history does not tell what of the store was compared with the log."));
            return;
        }

        Expect("partitions", log.Partitions.Count, compared.Partitions + compared.PartitionsFromSnapshot);
        if (log.Unread.Count == 0)
        {
            var alive = new HashSet<string>(StringComparer.Ordinal);
            foreach (var place in log.Entries)
            {
                _ = place.IsErasure ? alive.Remove(place.Event.User) : alive.Add(place.Event.User);
            }

            Expect("users", alive.Count, compared.Users);
            Expect("titles", log.Entries.Where(place => !place.IsErasure).Select(place => place.Event.Title).Distinct().Count(), compared.Titles);
        }

        void Expect(string what, int expected, int found)
        {
            if (found != expected)
            {
                violations.Add(new("fold", string.Create(CultureInfo.InvariantCulture, $"The log has {expected} {what}, and {found} were compared with what is stored.")));
            }
        }
    }
}
