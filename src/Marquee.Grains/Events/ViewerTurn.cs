using Marquee.Contracts.Events;
using Marquee.Grains.Users;

namespace Marquee.Grains.Events;

/// <summary>A viewer on this silo takes its entries of one commit over.</summary>
/// <param name="batch">The entries.</param>
/// <param name="viewer">Has been entered.</param>
/// <param name="position">What the viewer has seen with them.</param>
/// <param name="firstOffset">The tail's first offset.</param>
internal sealed class ViewerTurn(ViewerBatch batch, UserGrain viewer, LogPosition position, long firstOffset) : LocalTurn
{
    /// <summary>The entries.</summary>
    public ViewerBatch Batch => batch;

    /// <summary>What the viewer has seen with them.</summary>
    public LogPosition Position => position;

    protected override bool TryRun() => viewer.TryApply(batch, position, firstOffset);

    protected override void End() => viewer.Leave();
}
