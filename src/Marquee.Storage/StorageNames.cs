namespace Marquee.Storage;

/// <summary>Names under which stores are registered.</summary>
public static class StorageNames
{
    /// <summary>The grain storage that holds snapshots of users, partitions and the catalogue.</summary>
    public const string Snapshots = "snapshots";
}
