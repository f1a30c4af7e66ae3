using Marquee.Contracts.Titles;

namespace Marquee.Grains.Titles;

/// <summary>A title on this silo takes over what changed.</summary>
/// <param name="title">The title's grain.</param>
/// <param name="change">What changed.</param>
internal sealed class TitleTurn(TitleGrain title, TitleChangeMessage change) : LocalTurn
{
    private TitleRowMessage? _row;

    /// <summary>The title's row with it; null when it has not been taken over.</summary>
    public TitleRowMessage? Row => IsDone ? _row : null;

    protected override bool TryRun() => (_row = title.TryApply(change.Shares)) is not null;
}
