using System.Collections.Immutable;
using Marquee.Contracts.Events;

namespace Marquee.Gateway.Events;

/// <summary>A node that is alone: no partition is another's.</summary>
internal sealed class OnlyThisSilo : IPartitionSilos
{
    /// <inheritdoc/>
    public SiloAddress? FindOther(int partition) => null;

    /// <inheritdoc/>
    public Task<ImmutableArray<AppendResult>> Append(SiloAddress silo, string tenant, ImmutableArray<PartitionAppend> appends) =>
        throw new InvalidOperationException("There is no other silo.");
}
