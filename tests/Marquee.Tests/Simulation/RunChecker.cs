using Marquee.Engine.Events;

namespace Marquee.Tests.Simulation;

/// <summary>Compares what clients saw with the log from its beginning. Knows nothing of how either came about.</summary>
/// <remarks>Plain and slow on purpose: its own duplicate window, its own histories. <see cref="RunCheckerTests"/> gives it runs that are wrong.</remarks>
internal sealed class RunChecker
{
    private readonly RunHistory _history;
    private readonly SortedDictionary<int, List<PlacedEntry>> _log;
    private readonly PartitionStateOptions _options;
    private readonly List<string> _violations = [];

    private RunChecker(RunHistory history, SortedDictionary<int, List<PlacedEntry>> log, PartitionStateOptions options) =>
        (_history, _log, _options) = (history, log, options);

    /// <summary>Everything that may not be, one sentence each.</summary>
    /// <param name="history">What clients saw.</param>
    /// <param name="log">By partition, the log from its beginning.</param>
    /// <param name="options">The bounds of the duplicate window.</param>
    public static IReadOnlyList<string> Check(RunHistory history, SortedDictionary<int, List<PlacedEntry>> log, PartitionStateOptions options)
    {
        var checker = new RunChecker(history, log, options);
        checker._violations.AddRange(history.Contradictions);
        foreach (var (partition, entries) in log)
        {
            checker.CheckShape(partition, entries);
            checker.CheckDuplicates(partition, entries);
        }

        checker.CheckFates();
        checker.CheckOffsets();
        checker.CheckReads();
        return checker._violations;
    }

    private void CheckShape(int partition, List<PlacedEntry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            Expect(entries[i].Offset == i, $"Partition {partition} has offset {entries[i].Offset} where {i} belongs.");
            Expect(i == 0 || entries[i].Epoch >= entries[i - 1].Epoch, $"Partition {partition} falls to epoch {entries[i].Epoch} at offset {i}.");
            var key = EventKey.Of(entries[i].Entry);
            Expect(
                _history.Entries.TryGetValue(key, out var fate) && fate.Partition == partition && fate.Entry == entries[i].Entry,
                $"Partition {partition} has at offset {i} what nobody sent like this: {key}.");
        }
    }

    /// <summary>No id comes twice while the window, as the API states it, still knows it.</summary>
    private void CheckDuplicates(int partition, List<PlacedEntry> entries)
    {
        var window = new Queue<(string Key, long Seconds)>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var placed in entries.Where(placed => !placed.Entry.IsErasure))
        {
            var (key, seconds) = (EventKey.Of(placed.Entry), placed.AppendedAt / 1000);
            Expect(!known.Contains(key), $"Partition {partition} has {key} again at offset {placed.Offset}.");
            while (window.Count == _options.DuplicateCapacity || (window.Count > 0 && seconds - window.Peek().Seconds > _options.DuplicateAge.TotalSeconds))
            {
                known.Remove(window.Dequeue().Key);
            }

            window.Enqueue((key, seconds));
            known.Add(key);
        }
    }

    private void CheckFates()
    {
        var places = _log.Values.SelectMany(entries => entries).ToLookup(placed => EventKey.Of(placed.Entry), StringComparer.Ordinal);
        foreach (var (key, fate) in _history.Entries)
        {
            var found = places[key].ToArray();
            Expect(
                fate.Acknowledgements.Count + fate.Refusals + fate.Unknowns == fate.Attempts,
                $"{key} was sent {fate.Attempts} times and has {fate.Acknowledgements.Count} + {fate.Refusals} + {fate.Unknowns} outcomes.");
            foreach (var position in fate.Acknowledgements)
            {
                Expect(
                    position.Partition == fate.Partition && found.Any(placed => placed.Offset <= position.Offset && placed.Epoch <= position.Epoch),
                    $"{key} was acknowledged up to {position}, and is not there.");
            }

            if (fate.Unknowns == 0 && fate.Acknowledgements.Count == 0)
            {
                Expect(found.Length == 0, $"{key} was refused each time, and is there.");
            }

            if (fate.Entry.IsErasure)
            {
                // Erasures have no id: each attempt may be one.
                Expect(found.Length >= fate.Acknowledgements.Count, $"{key} was acknowledged {fate.Acknowledgements.Count} times and is there {found.Length} times.");
                Expect(found.Length <= fate.Acknowledgements.Count + fate.Unknowns, $"{key} is there {found.Length} times, more often than it was sent.");
            }
        }
    }

    private void CheckOffsets()
    {
        foreach (var ((partition, offset), key) in _history.Offsets)
        {
            var entries = _log.GetValueOrDefault(partition, []);
            Expect(
                offset < entries.Count && EventKey.Of(entries[(int)offset].Entry) == key,
                $"A viewer was told that offset {offset} of partition {partition} is {key}; it is {(offset < entries.Count ? EventKey.Of(entries[(int)offset].Entry) : "nothing")}.");
        }
    }

    private void CheckReads()
    {
        var users = _log.Values.SelectMany(entries => entries).ToLookup(placed => placed.Entry.UserKey, StringComparer.Ordinal);
        foreach (var read in _history.Reads)
        {
            var user = $"{read.Tenant}/{read.UserId}";
            if (read.After is { } after && !read.IsDegraded)
            {
                Expect(read.Position.Offset >= after.Offset, $"{user} asked for what is after {after} and got {read.Position}, which does not say that it is older.");
            }

            if (read.EventIds.Count == 0 && read.Position.Offset < 0 && (read.IsDegraded || read.After is null))
            {
                // Nothing is known of the user; the answer names no position then.
                continue;
            }

            var covered = users[user].Where(placed => placed.Offset <= read.Position.Offset).ToList();
            var alive = covered[(covered.FindLastIndex(placed => placed.Entry.IsErasure) + 1)..];
            var expected = alive
                .OrderByDescending(placed => placed.Entry.Event!.OccurredAt)
                .ThenByDescending(placed => placed.Offset)
                .Take(HistoryRead.EventsMost)
                .Select(placed => placed.Entry.Event!.EventId);
            Expect(
                expected.SequenceEqual(read.EventIds),
                $"{user} read [{string.Join(' ', read.EventIds.Take(12))}…] ({read.EventIds.Count}) at {read.Position}, and the log says [{string.Join(' ', expected.Take(12))}…] ({alive.Count}).");
        }
    }

    private void Expect(bool holds, string violation)
    {
        if (!holds)
        {
            _violations.Add(violation);
        }
    }
}
