using Marquee.Storage.Events;

namespace Marquee.Storage.Embedded;

/// <summary>How the embedded stores of a node are kept.</summary>
public sealed class SqliteStorageOptions
{
    /// <summary>The data directory; created when missing, used by one process at a time. On a local file system.</summary>
    public string Directory { get; set; } = "data";

    /// <summary>How many log partitions the users are spread over, 1 to 4,096. Fixed when the directory is created.</summary>
    public int PartitionCount { get; set; } = 64;

    /// <summary>How many writes each store queues; more wait to be queued. At least the number of partitions.</summary>
    public int QueuedWritesMax { get; set; } = 4_096;

    /// <summary>The largest size of the log's file in bytes, 0 for no bound. At the bound, appends answer <see cref="AppendOutcome.Full"/>.</summary>
    public long LogBytesMax { get; set; }

    /// <summary>The largest size of the snapshots' file in bytes, 0 for no bound. At the bound, writes fail with <see cref="StoreUnavailableException"/>.</summary>
    public long SnapshotBytesMax { get; set; }
}
