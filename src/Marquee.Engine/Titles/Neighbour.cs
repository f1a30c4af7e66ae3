namespace Marquee.Engine.Titles;

/// <summary>How often another title was watched after, and together with, a title.</summary>
/// <param name="TitleId">The other title.</param>
/// <param name="Transition">Sum of 0.7^k over viewers who watched the other title k+1 positives after this one, k &lt; 5; fixed point, see <see cref="Unit"/>.</param>
/// <param name="CoWatch">Number of viewers who liked both within their last positives; counted once per pair.</param>
public readonly record struct Neighbour(string TitleId, long Transition, long CoWatch)
{
    /// <summary>What 1 is in <see cref="Transition"/>. Integers, so that sums over partitions are exact in any order.</summary>
    public const int Unit = 4096;
}
