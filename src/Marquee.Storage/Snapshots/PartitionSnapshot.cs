namespace Marquee.Storage.Snapshots;

/// <summary>A partition's folded state as it is stored.</summary>
[GenerateSerializer, Alias("marquee.partition-snapshot")]
public sealed class PartitionSnapshot
{
    /// <summary>The names of the two states of a partition's grain, written in turn.</summary>
    public static readonly IReadOnlyList<string> Slots = ["partition-a", "partition-b"];

    /// <summary>The type of a partition's grain.</summary>
    public const string GrainTypeName = "event-partition";

    /// <summary>The bytes that the partition's state was written as.</summary>
    [Id(0)] public byte[] State { get; set; } = [];

    /// <summary>The offset after the last entry folded in.</summary>
    [Id(1)] public long NextOffset { get; set; }

    /// <summary>The log must be replayed from here: all users' snapshots cover what is before.</summary>
    [Id(2)] public long TailFrom { get; set; }

    /// <summary>XXH3 of <see cref="State"/>.</summary>
    [Id(3)] public ulong Hash { get; set; }

    /// <summary>The grain whose states these are.</summary>
    /// <param name="partition">The partition's number.</param>
    public static GrainId GrainOf(int partition) => GrainId.Create(GrainType.Create(GrainTypeName), GrainIdKeyExtensions.CreateIntegerKey(partition));
}
