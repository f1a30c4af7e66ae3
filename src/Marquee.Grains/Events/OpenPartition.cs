using Marquee.Contracts.Events;
using Marquee.Engine.Events;
using Marquee.Storage.Events;

namespace Marquee.Grains.Events;

/// <summary>A partition that this activation has opened: its number, its claim and its state.</summary>
/// <param name="Number">0 to P−1.</param>
/// <param name="Epoch">The claim.</param>
/// <param name="State">What the log folds into.</param>
internal sealed record OpenPartition(int Number, long Epoch, PartitionState State)
{
    /// <summary>The name in the log.</summary>
    public LogPartition Name { get; } = LogPartition.Events(Number);

    /// <summary>Covers everything that is durable.</summary>
    public LogPosition Position => new(Number, Epoch, State.NextOffset - 1);

    /// <summary>A restart replays from here.</summary>
    public long SnapshotOffset { get; set; }

    /// <summary>The oldest retained offset.</summary>
    public long FirstOffset { get; set; }
}
