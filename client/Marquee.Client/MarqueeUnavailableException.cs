using System.Globalization;
using Marquee.Client.Events;

namespace Marquee.Client;

/// <summary>The node did not serve the call within the retry budget: not reachable, too slow, overloaded, or not ready.</summary>
public sealed class MarqueeUnavailableException : Exception
{
    internal MarqueeUnavailableException(Uri address, int attempts, TimeSpan elapsed, bool maybeApplied, Exception inner)
        : base(Describe(address, attempts, elapsed, inner), inner)
    {
        Address = address;
        Attempts = attempts;
        Elapsed = elapsed;
        MaybeApplied = maybeApplied;
    }

    /// <summary>The node's address.</summary>
    public Uri Address { get; }

    /// <summary>How many times the call was sent.</summary>
    public int Attempts { get; }

    /// <summary>How long the client tried.</summary>
    public TimeSpan Elapsed { get; }

    /// <summary>
    /// False when the node certainly did nothing; true when an attempt was sent and its answer never came, so that it may
    /// have landed. Sending the same call again is safe either way.
    /// </summary>
    public bool MaybeApplied { get; }

    /// <summary>
    /// The events of the call with their ids, empty for other calls. To try again later, send these and not the originals:
    /// with the same ids what has landed is not counted twice.
    /// </summary>
    public IReadOnlyList<EngagementEvent> UnacknowledgedEvents { get; internal init; } = [];

    private static string Describe(Uri address, int attempts, TimeSpan elapsed, Exception inner) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"The node at {address} did not serve the call ({attempts} {(attempts == 1 ? "attempt" : "attempts")} in {elapsed.TotalSeconds:0.0} s): {inner.Message}");
}
