namespace Marquee.Engine.Recommendations;

/// <summary>How far a slate may explore: give slots to titles of which too little is known to rank them for certain.</summary>
/// <param name="Share">Share of the slots, 0 to <see cref="MostShare"/>; a part of a slot is a chance of one.</param>
/// <param name="Seed">Decides all that is drawn: the same seed and the same state give the same slate.</param>
public sealed record Exploration(double Share, ulong Seed)
{
    /// <summary>The largest share.</summary>
    public const double MostShare = 0.2;
}
