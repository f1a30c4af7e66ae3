namespace Marquee.Tests.Simulation;

/// <summary>How often single operations go wrong, as probabilities; drawn per world, so that some worlds are rough and some nearly calm.</summary>
/// <param name="Write">A write to the disk fails.</param>
/// <param name="Sync">A sync fails.</param>
/// <param name="StoreDies">The store's process dies in the middle of a write, and the disk loses what was not synced.</param>
/// <param name="StoreRefused">A call to the store is refused before it is on its way.</param>
/// <param name="StoreRequestLost">A call to the store gets lost.</param>
/// <param name="StoreAnswerLost">The store does what it is asked, and its answer gets lost.</param>
/// <param name="StoreSlow">A call to the store is late, by milliseconds up to longer than anybody waits for it.</param>
/// <param name="CallRequestLost">A call between grains, or of a client, gets lost.</param>
/// <param name="CallAnswerLost">It is done, and its answer gets lost.</param>
/// <param name="CallSlow">A call, or its answer, is late, by milliseconds up to seconds, so that others overtake it.</param>
internal sealed record FaultRates(
    double Write,
    double Sync,
    double StoreDies,
    double StoreRefused,
    double StoreRequestLost,
    double StoreAnswerLost,
    double StoreSlow,
    double CallRequestLost,
    double CallAnswerLost,
    double CallSlow)
{
    /// <summary>Nothing goes wrong by itself.</summary>
    public static FaultRates None { get; } = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    public static FaultRates Draw(Random chance)
    {
        // Squares: most rates of a world are small, a few are large.
        double Up(double most) => most * Math.Pow(chance.NextDouble(), 2);
        return new FaultRates(Up(.06), Up(.06), Up(.06), Up(.08), Up(.06), Up(.06), Up(.3), Up(.1), Up(.1), .2 + Up(.7));
    }
}
