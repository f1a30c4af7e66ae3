using System.Globalization;
using System.Text;
using Marquee.Cluster.Tests.Events;
using Marquee.Cluster.Tests.Nodes;
using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Cluster.Tests.Clusters;

/// <summary>
/// Says of acknowledged events that a history lacks where they are: in the log (then a viewer's grain is stale), let go by
/// the log (then a viewer's snapshot should hold them), or nowhere.
/// </summary>
internal static class MissingEvents
{
    private const string Tenant = "default";

    /// <param name="store">The cluster's store.</param>
    /// <param name="partitions">How many partitions it has.</param>
    /// <param name="nodes">The living nodes.</param>
    /// <param name="missing">The events; none gives an empty text.</param>
    public static async Task<string> Describe(ClusterStore store, int partitions, IEnumerable<NodeProcess> nodes, IReadOnlyCollection<SentEvent> missing)
    {
        var text = new StringBuilder();
        if (missing.Count == 0)
        {
            return string.Empty;
        }

        await store.WithLog(async log =>
        {
            foreach (var lost in missing)
            {
                var partition = PartitionHash.Of(Tenant, lost.UserId, partitions);
                text.AppendLine().Append(CultureInfo.InvariantCulture, $"{lost.EventId} of {lost.UserId}, partition {partition}: {await InLog(log, partition, lost)}");
                foreach (var node in nodes)
                {
                    // A position past the log's end makes the viewer's grain ask its partition.
                    var again = await node.History(lost.UserId);
                    var pulled = await node.History(lost.UserId, new LogPosition(partition, 0, long.MaxValue / 2));
                    text.Append(CultureInfo.InvariantCulture, $"; {node.Address.Port}: {Holds(again, lost)} when read again, {Holds(pulled, lost)} after a pull");
                }
            }
        });
        return text.ToString();
    }

    private static string Holds(string[] history, SentEvent lost) => history.Contains(lost.EventId) ? "there" : $"missing among {history.Length}";

    private static async Task<string> InLog(IPartitionLog log, int partition, SentEvent lost)
    {
        long? first = null;
        await foreach (var batch in log.ReadAsync(LogPartition.Events(partition), 0, CancellationToken.None))
        {
            first ??= batch.FirstOffset;
            var entries = LogEntryCodec.Decode(batch.Payload.Span).Entries;
            for (var i = 0; i < entries.Count; i++)
            {
                if (entries[i].UserId == lost.UserId && entries[i].Event?.EventId == lost.EventId)
                {
                    return $"in the log at {batch.FirstOffset + i} under epoch {batch.Epoch}, so the viewer's grain is stale";
                }
            }
        }

        return first is > 0 ? $"not in the log, which begins at {first} by now" : "lost: the log reaches back to its beginning and does not hold it";
    }
}
