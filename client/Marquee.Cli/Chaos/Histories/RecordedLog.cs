using System.Globalization;

namespace Marquee.Cli.Chaos.Histories;

/// <summary>The partitions' log as a history has it, entry by entry.</summary>
internal sealed class RecordedLog
{
    private readonly Dictionary<int, Dictionary<long, long>> _epochs = [];
    private readonly Dictionary<int, (long Epoch, long Next)> _ends = [];
    private readonly Dictionary<int, long> _unread = [];
    private readonly List<PlacedEvent> _entries = [];

    /// <summary>Reads the batches among the final records.</summary>
    /// <param name="finals">The final records.</param>
    /// <param name="violations">Gets gaps, overlaps and epochs that go back.</param>
    public RecordedLog(IEnumerable<HistoryRecord> finals, List<Violation> violations)
    {
        foreach (var batch in finals.Where(record => record.Action == CallAction.Log))
        {
            if (PositionRules.Read(batch.Position ?? "") is (var partition, var epoch, var offset))
            {
                Add(partition, epoch, offset, batch, violations);
            }
            else
            {
                violations.Add(new("log", $"A batch is at '{batch.Position}', which is no position."));
            }
        }
    }

    /// <summary>All entries, by partition in their order. An erasure has neither id nor title.</summary>
    public IReadOnlyList<PlacedEvent> Entries => _entries;

    /// <summary>The partitions that have entries.</summary>
    public IReadOnlyCollection<int> Partitions => _ends.Keys;

    /// <summary>By partition, how many offsets were let go of before they were read; those with none are left out.</summary>
    public IReadOnlyDictionary<int, long> Unread => _unread;

    /// <summary>The offset behind the last entry of a partition; 0 when it has none.</summary>
    public long EndOf(int partition) => _ends.GetValueOrDefault(partition).Next;

    /// <summary>The epoch under which an offset was written; null when it is not in the log, or was not read.</summary>
    public long? EpochAt(int partition, long offset) => _epochs.GetValueOrDefault(partition)?.TryGetValue(offset, out var epoch) == true ? epoch : null;

    private void Add(int partition, long epoch, long offset, HistoryRecord batch, List<Violation> violations)
    {
        var (lastEpoch, next) = _ends.GetValueOrDefault(partition);
        if (offset > next && batch.Detail == LogFollower.LetGo)
        {
            _unread[partition] = _unread.GetValueOrDefault(partition) + offset - next;
        }
        else if (offset != next)
        {
            violations.Add(new("log", string.Create(CultureInfo.InvariantCulture, $"Partition {partition} goes on at offset {offset}; {next} was next.")));
        }

        if (epoch < lastEpoch)
        {
            violations.Add(new("log", string.Create(CultureInfo.InvariantCulture, $"Partition {partition} has epoch {epoch} at offset {offset}, behind epoch {lastEpoch}.")));
        }

        if (!_epochs.TryGetValue(partition, out var epochs))
        {
            _epochs[partition] = epochs = [];
        }

        foreach (var entry in batch.Events!)
        {
            epochs[offset] = epoch;
            _entries.Add(new PlacedEvent(partition, epoch, offset++, entry));
        }

        _ends[partition] = (epoch, offset);
    }
}

/// <summary>An entry of the log and its place.</summary>
/// <param name="Partition">Its partition.</param>
/// <param name="Epoch">The epoch under which it was written.</param>
/// <param name="Offset">Its offset.</param>
/// <param name="Event">The event; without id and title when it erases the user.</param>
internal sealed record PlacedEvent(int Partition, long Epoch, long Offset, RecordedEvent Event)
{
    /// <summary>Whether it erases the user.</summary>
    public bool IsErasure => Event.Id.Length == 0;

    /// <summary>Its place, as tokens name places.</summary>
    public string Place => string.Create(CultureInfo.InvariantCulture, $"{Partition}.{Epoch}.{Offset}");
}
