using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Tests.Simulation;

/// <summary>What was ever durable in the partitions' logs, truncated or not: what all state is measured by.</summary>
internal sealed class FullLog
{
    private readonly SortedDictionary<string, List<StoredBatch>> _partitions = new(StringComparer.Ordinal);

    public IEnumerable<string> Partitions => _partitions.Keys;

    public IReadOnlyList<StoredBatch> Of(LogPartition partition) => _partitions.GetValueOrDefault(partition.Name) ?? [];

    /// <summary>The entries of a partition with their places, in order.</summary>
    public IEnumerable<PlacedEntry> EntriesOf(LogPartition partition)
    {
        foreach (var batch in Of(partition))
        {
            var decoded = LogEntryCodec.Decode(batch.Payload.Span);
            for (var i = 0; i < decoded.Entries.Count; i++)
            {
                yield return new PlacedEntry(partition.Name, batch.FirstOffset + i, batch.Epoch, decoded.AppendedAt, decoded.Entries[i]);
            }
        }
    }

    /// <summary>Takes over what a log holds durably now: what it has lost again is gone here as well, except what it was told to let go.</summary>
    public void Take(LogPartition partition, SimulatedLogFile log)
    {
        if (!_partitions.TryGetValue(partition.Name, out var all))
        {
            _partitions.Add(partition.Name, all = []);
        }

        while (all is [.., var newest] && newest.FirstOffset >= log.First && !Holds(log, newest))
        {
            all.RemoveAt(all.Count - 1);
        }

        var known = all is [.., var last] ? last.FirstOffset + last.Count : 0;
        var begin = log.Batches.Count;
        while (begin > 0 && log.Batches[begin - 1].Record.First >= known)
        {
            begin--;
        }

        for (; begin < log.Batches.Count; begin++)
        {
            var record = log.Batches[begin].Record;
            all.Add(new StoredBatch(record.Epoch, record.First, (int)record.Second, record.Payload));
        }
    }

    private static bool Holds(SimulatedLogFile log, StoredBatch batch)
    {
        for (var i = log.Batches.Count - 1; i >= 0 && log.Batches[i].Record.First >= batch.FirstOffset; i--)
        {
            var record = log.Batches[i].Record;
            if (record.First == batch.FirstOffset)
            {
                return record.Epoch == batch.Epoch && record.Payload.Span.SequenceEqual(batch.Payload.Span);
            }
        }

        return false;
    }
}

/// <summary>An entry of a log with its place.</summary>
internal readonly record struct PlacedEntry(string Partition, long Offset, long Epoch, long AppendedAt, LogEntry Entry);
