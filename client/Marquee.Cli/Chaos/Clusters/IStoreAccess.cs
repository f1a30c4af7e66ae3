using Marquee.Contracts.Titles;
using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;

namespace Marquee.Cli.Chaos.Clusters;

/// <summary>A store that silos run on, read past them.</summary>
internal interface IStoreAccess : IAsyncDisposable
{
    /// <summary>How many partitions the log of events has.</summary>
    int Partitions { get; }

    /// <summary>The log.</summary>
    IPartitionLog Log { get; }

    /// <summary>The snapshots that a partition has stored, the older one first.</summary>
    Task<IReadOnlyList<PartitionSnapshot>> ReadSnapshotsAsync(int partition);

    /// <summary>By key, <c>tenant/user</c>, what is stored of all users.</summary>
    Task<IReadOnlyDictionary<string, UserSnapshot>> ReadUsersAsync();

    /// <summary>By title, the engagement in the stored rows of the catalogue; titles without any are left out.</summary>
    Task<IReadOnlyDictionary<string, EngagementTotals>> ReadTitlesAsync();
}
