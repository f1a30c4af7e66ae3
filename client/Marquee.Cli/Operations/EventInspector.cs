using Marquee.Engine.Events;
using Marquee.Storage.Events;
using Marquee.Storage.Sqlite;

namespace Marquee.Cli.Operations;

/// <summary>
/// Looks into the batches of the event log: they can be read, hold as many entries as they say, and repeat no event that the
/// node still remembered when it wrote them.
/// </summary>
/// <param name="directory">Named in findings.</param>
/// <param name="options">The node's memory for event ids; an event that comes again after that is a new one.</param>
internal sealed class EventInspector(string directory, PartitionStateOptions options)
{
    private LogPartition _partition;
    private DuplicateWindow _window = new(options.DuplicateCapacity, options.DuplicateAge);

    /// <summary>What is wrong inside a batch.</summary>
    /// <param name="partition">Batches of a partition come together.</param>
    /// <param name="batch">Batches of a partition come in the order of their offsets.</param>
    public IEnumerable<StoreFinding> Inspect(LogPartition partition, StoredBatch batch)
    {
        if (!partition.Name.StartsWith("events/", StringComparison.Ordinal))
        {
            return [];
        }

        if (partition != _partition)
        {
            (_partition, _window) = (partition, new DuplicateWindow(options.DuplicateCapacity, options.DuplicateAge));
        }

        try
        {
            return Inspect(LogEntryCodec.Decode(batch.Payload.Span), batch);
        }
        catch (InvalidDataException exception)
        {
            return [new StoreFinding(PlaceOf(batch.FirstOffset), $"{batch.Count} entries", exception.Message)];
        }
    }

    private List<StoreFinding> Inspect(DecodedBatch decoded, StoredBatch batch)
    {
        var findings = new List<StoreFinding>();
        if (decoded.Entries.Count != batch.Count)
        {
            findings.Add(new StoreFinding(PlaceOf(batch.FirstOffset), $"{batch.Count} entries", $"{decoded.Entries.Count}"));
        }

        for (var i = 0; i < decoded.Entries.Count; i++)
        {
            var entry = decoded.Entries[i];
            if (entry.Event is not { } engagement)
            {
                continue;
            }

            var hash = DuplicateWindow.HashOf(entry.Tenant, entry.UserId, engagement.EventId);
            if (_window.Contains(hash))
            {
                findings.Add(new StoreFinding(PlaceOf(batch.FirstOffset + i), $"event '{engagement.EventId}' of '{entry.UserKey}' once", "again"));
            }
            else
            {
                _window.Add(hash, decoded.AppendedAt);
            }
        }

        return findings;
    }

    private string PlaceOf(long offset) => $"{directory}, `{_partition}`, offset {offset}";
}
