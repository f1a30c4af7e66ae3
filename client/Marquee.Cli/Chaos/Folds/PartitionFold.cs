using System.Buffers;
using Marquee.Engine.Events;
using Marquee.Engine.Titles;
using Marquee.Storage.Snapshots;

namespace Marquee.Cli.Chaos.Folds;

/// <summary>A partition's log being folded, from its beginning or onto its anchor.</summary>
internal sealed class PartitionFold
{
    private readonly FollowedPartition _partition;
    private int _folded;

    /// <param name="partition">The log; has an anchor if it has gaps.</param>
    /// <param name="titles">Numbers the titles.</param>
    public PartitionFold(FollowedPartition partition, TitleTable titles)
    {
        _partition = partition;
        var options = new PartitionStateOptions();
        State = partition.Anchor is { } anchor ? PartitionState.Read(anchor.State, options, titles) : new PartitionState(options, titles);
        var from = State.Tail.FirstOffset;
        _folded = partition.Batches.TakeWhile(batch => batch.FirstOffset + batch.Count <= from).Count();
    }

    /// <summary>The fold so far.</summary>
    public PartitionState State { get; }

    /// <summary>Folds on to a snapshot's offset, if the log reaches it.</summary>
    /// <param name="snapshot">Not before what is folded already.</param>
    /// <returns>Whether the snapshot holds the bytes of the fold.</returns>
    public bool IsAt(PartitionSnapshot snapshot)
    {
        FoldTo(snapshot.NextOffset);
        var bytes = new ArrayBufferWriter<byte>(snapshot.State.Length + 1);
        State.Write(snapshot.TailFrom, bytes);
        return State.NextOffset == snapshot.NextOffset && bytes.WrittenSpan.SequenceEqual(snapshot.State);
    }

    /// <summary>Folds what is left.</summary>
    public void ToEnd() => FoldTo(long.MaxValue);

    private void FoldTo(long offset)
    {
        for (; _folded < _partition.Batches.Count && State.NextOffset < offset; _folded++)
        {
            var batch = _partition.Batches[_folded];
            State.Replay(batch.FirstOffset, LogEntryCodec.Decode(batch.Payload.Span));
        }
    }
}
