using Marquee.Cli.Chaos.Clusters;
using Marquee.Contracts.Titles;
using Marquee.Storage.Snapshots;

namespace Marquee.Cli.Chaos.Folds;

/// <summary>What a store holds beside the log.</summary>
/// <param name="Partitions">By partition, its snapshots, the older one first.</param>
/// <param name="Users">By key, <c>tenant/user</c>, the stored histories.</param>
/// <param name="Titles">By title, the engagement in the stored rows.</param>
internal sealed record StoredStates(
    IReadOnlyList<IReadOnlyList<PartitionSnapshot>> Partitions,
    IReadOnlyDictionary<string, UserSnapshot> Users,
    IReadOnlyDictionary<string, EngagementTotals> Titles)
{
    /// <summary>Reads all of it.</summary>
    public static async Task<StoredStates> ReadAsync(IStoreAccess store)
    {
        var partitions = new List<IReadOnlyList<PartitionSnapshot>>();
        for (var partition = 0; partition < store.Partitions; partition++)
        {
            partitions.Add(await store.ReadSnapshotsAsync(partition));
        }

        return new StoredStates(partitions, await store.ReadUsersAsync(), await store.ReadTitlesAsync());
    }
}
