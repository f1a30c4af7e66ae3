using System.Collections.Immutable;

namespace Marquee.Contracts.Events;

/// <summary>Knows which other silo should run a partition, and takes appends to several partitions of one there in one call.</summary>
/// <remarks>That another silo runs one of them by now does no harm: the silo that is asked passes the append on.</remarks>
public interface IPartitionSilos
{
    /// <summary>The silo whose share the partition is; null when that is this silo, or one that was built before it could be asked for several in one call.</summary>
    SiloAddress? FindOther(int partition);

    /// <summary>Appends; answers in the order of the appends.</summary>
    /// <exception cref="Exception">The silo does not answer: nobody knows what was written.</exception>
    Task<ImmutableArray<AppendResult>> Append(SiloAddress silo, string tenant, ImmutableArray<PartitionAppend> appends);
}

/// <summary>What is to be appended to one partition.</summary>
/// <param name="Partition">Its number.</param>
/// <param name="Events">The events, in order.</param>
[GenerateSerializer, Immutable, Alias("marquee.partition-append")]
public sealed record PartitionAppend(
    [property: Id(0)] int Partition,
    [property: Id(1)] ImmutableArray<EngagementMessage> Events);
