using System.Collections.Immutable;
using System.Net;
using Marquee.Contracts.Events;

namespace Marquee.Tests.Gateway;

/// <summary>Another silo, which runs some of the partitions.</summary>
internal sealed class FakePartitionSilos(IGrainFactory grains) : IPartitionSilos
{
    private static readonly SiloAddress Other = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 1), 1);

    /// <summary>Its partitions.</summary>
    public HashSet<int> Partitions { get; } = [];

    /// <summary>What it was asked to append.</summary>
    public List<int[]> Calls { get; } = [];

    /// <summary>Stands between what it did and its answer.</summary>
    public Func<ImmutableArray<AppendResult>, ImmutableArray<AppendResult>> Answer { get; set; } = results => results;

    public SiloAddress? FindOther(int partition) => Partitions.Contains(partition) ? Other : null;

    public async Task<ImmutableArray<AppendResult>> Append(SiloAddress silo, string tenant, ImmutableArray<PartitionAppend> appends)
    {
        Assert.Equal(Other, silo);
        Calls.Add([.. appends.Select(append => append.Partition)]);
        return Answer([.. await Task.WhenAll(appends.Select(append => grains.GetGrain<IEventPartitionGrain>(append.Partition).Append(tenant, append.Events)))]);
    }
}
