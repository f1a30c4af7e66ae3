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

    /// <summary>A snapshots' file of up to this many bytes is checked row by row before the node starts, a larger one behind it.</summary>
    public long SnapshotBytesVerifiedAtStartMax { get; set; } = 256L << 20;

    /// <summary>Every mistake in the options, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var mistakes = new List<string>();
        if (string.IsNullOrWhiteSpace(Directory))
        {
            mistakes.Add("The data directory has no name.");
        }

        if (PartitionCount is < 1 or > 4_096)
        {
            mistakes.Add($"The number of partitions must be between 1 and 4096; found {PartitionCount}.");
        }

        if (QueuedWritesMax < PartitionCount)
        {
            mistakes.Add($"The number of queued writes must be at least that of partitions, {PartitionCount}; found {QueuedWritesMax}.");
        }

        foreach (var (name, value) in new[] { ("log", LogBytesMax), ("snapshots", SnapshotBytesMax) })
        {
            if (value is < 0 or (> 0 and < 65_536))
            {
                mistakes.Add($"The largest size of the file of the {name} must be 0 for no bound, or at least 65536 bytes; found {value}.");
            }
        }

        return mistakes;
    }
}
