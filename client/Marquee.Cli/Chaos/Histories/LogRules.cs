using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>
/// What the partitions' log has to satisfy, as it was followed from the run's beginning: offsets without gap, epochs that do not
/// go back, each acknowledged event once, none twice, none that nobody sent or that was certainly refused, and all that final
/// histories show. Behind an erasure a partition lets go of its log, at times before it was read: as many events may then be
/// unaccounted for as there are offsets that were not read.
/// </summary>
internal static class LogRules
{
    /// <summary>Checks the batches among the final records; a history without any was recorded before logs were followed.</summary>
    public static void Check(IReadOnlyList<HistoryRecord> finals, EventFates fates, List<Violation> violations)
    {
        HistoryRecord[] batches = [.. finals.Where(record => record.Action == CallAction.Log)];
        if (batches.Length == 0)
        {
            return;
        }

        var unread = CheckPositions(batches, violations);
        Dictionary<string, RecordedEvent> held = [];
        foreach (var entry in batches.SelectMany(batch => batch.Events!).Where(entry => entry.Id.Length > 0))
        {
            if (!held.TryAdd(entry.Id, entry))
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

        EventFate[] missing = [.. fates.All.Where(fate => fate.IsAcknowledged && !held.ContainsKey(fate.Event.Id))];
        foreach (var fate in missing.Length > unread ? missing : [])
        {
            violations.Add(new("log", $"{fate.Event.Id} of {fate.Event.User}, which was acknowledged, is not in the log."));
        }

        RecordedEvent[] unlogged = [.. finals.Where(record => record.Action == CallAction.Read).SelectMany(record => record.Events!).Where(shown => !held.ContainsKey(shown.Id))];
        foreach (var shown in unlogged.Length > unread ? unlogged : [])
        {
            violations.Add(new("log", $"{shown.Id} is in the final history of {shown.User}, and not in the log."));
        }
    }

    /// <returns>How many offsets were let go of before they were read.</returns>
    private static long CheckPositions(HistoryRecord[] batches, List<Violation> violations)
    {
        var unread = 0L;
        var ends = new Dictionary<int, (long Epoch, long Next)>();
        foreach (var batch in batches)
        {
            if (PositionRules.Read(batch.Position ?? "") is not (var partition, var epoch, var offset))
            {
                violations.Add(new("log", $"A batch is at '{batch.Position}', which is no position."));
                continue;
            }

            var (lastEpoch, next) = ends.GetValueOrDefault(partition);
            if (offset > next && batch.Detail == LogFollower.LetGo)
            {
                unread += offset - next;
            }
            else if (offset != next)
            {
                violations.Add(new("log", string.Create(CultureInfo.InvariantCulture, $"Partition {partition} goes on at offset {offset}; {next} was next.")));
            }

            if (epoch < lastEpoch)
            {
                violations.Add(new("log", string.Create(CultureInfo.InvariantCulture, $"Partition {partition} has epoch {epoch} at offset {offset}, behind epoch {lastEpoch}.")));
            }

            ends[partition] = (epoch, offset + batch.Events!.Count);
        }

        return unread;
    }
}
