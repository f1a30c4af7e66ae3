using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Engine.Users;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;
using Microsoft.Extensions.Options;
using Orleans.Serialization;

namespace Marquee.Grains.Users;

/// <summary>Reads what the store holds of all viewers of the tenant: their snapshots, and the log's tail behind them. For batch training.</summary>
public sealed class HistoryReader(
    ISnapshotReader snapshots,
    IPartitionLog log,
    Serializer serializer,
    TitleTable titles,
    IOptions<MarqueeOptions> options)
{
    /// <summary>All events of all viewers, in no particular order.</summary>
    public async Task<IReadOnlyCollection<EngagementEvent>> ReadAll(CancellationToken cancellationToken)
    {
        var histories = new Dictionary<string, (List<EngagementEvent> Events, long Offset)>(StringComparer.Ordinal);
        await foreach (var (grainId, payload) in snapshots.ReadAllAsync(UserSnapshot.StateName, cancellationToken))
        {
            var (tenant, userId) = GrainKeys.Parse(UserSnapshot.KeyOf(grainId));
            if (tenant == options.Value.Tenant && serializer.Deserialize<UserSnapshot>(payload) is { } snapshot)
            {
                var history = EngagementHistory.FromBytes(snapshot.History, titles);
                histories[userId] = ([.. history.ToList(userId)], snapshot.Offset);
            }
        }

        for (var partition = 0; partition < options.Value.PartitionCount; partition++)
        {
            await foreach (var batch in log.ReadAsync(LogPartition.Events(partition), 0, cancellationToken))
            {
                var entries = LogEntryCodec.Decode(batch.Payload.Span).Entries;
                for (var i = 0; i < entries.Count; i++)
                {
                    Add(histories, entries[i], batch.FirstOffset + i);
                }
            }
        }

        return [.. histories.Values.SelectMany(history => history.Events)];
    }

    private void Add(Dictionary<string, (List<EngagementEvent> Events, long Offset)> histories, in LogEntry entry, long offset)
    {
        if (entry.Tenant != options.Value.Tenant)
        {
            return;
        }

        var history = histories.TryGetValue(entry.UserId, out var known) ? known : ([], -1);
        if (offset <= history.Offset)
        {
            return;
        }

        if (entry.Event is { } engagement)
        {
            history.Events.Add(engagement);
        }
        else
        {
            history.Events.Clear();
        }

        histories[entry.UserId] = (history.Events, offset);
    }
}
