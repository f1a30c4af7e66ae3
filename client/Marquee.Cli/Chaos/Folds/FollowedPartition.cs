using Marquee.Storage.Events;
using Marquee.Storage.Snapshots;

namespace Marquee.Cli.Chaos.Folds;

/// <summary>What was read of one partition's log while it was followed.</summary>
/// <param name="number">The partition.</param>
internal sealed class FollowedPartition(int number)
{
    private readonly List<StoredBatch> _batches = [];
    private readonly HashSet<long> _gaps = [];

    /// <summary>The partition.</summary>
    public int Number => number;

    /// <summary>The batches, in offset order.</summary>
    public IReadOnlyList<StoredBatch> Batches => _batches;

    /// <summary>The offset behind the last batch; 0 before the first.</summary>
    public long Next => _batches is [.., var last] ? last.FirstOffset + last.Count : 0;

    /// <summary>Whether a part was let go of before it was read.</summary>
    public bool HasGaps => _gaps.Count > 0;

    /// <summary>Behind the last gap, a snapshot that covers it and onto which what comes behind can be folded; null when there is none.</summary>
    public PartitionSnapshot? Anchor { get; private set; }

    /// <summary>Whether what is before a batch was let go of before it was read.</summary>
    public bool IsBehindGap(in StoredBatch batch) => _gaps.Contains(batch.FirstOffset);

    /// <summary>Takes over a batch that does not follow the one before, for what is between is gone.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="snapshots">What the partition had stored when the batch had been read, the older one first.</param>
    public void AddBehindGap(in StoredBatch batch, IReadOnlyList<PartitionSnapshot> snapshots)
    {
        var first = batch.FirstOffset;
        _gaps.Add(first);
        Anchor = snapshots.FirstOrDefault(snapshot => snapshot.TailFrom >= first);
        Add(batch);
    }

    /// <summary>Takes the next batch over.</summary>
    public void Add(in StoredBatch batch) => _batches.Add(batch with { Payload = batch.Payload.ToArray() });
}
