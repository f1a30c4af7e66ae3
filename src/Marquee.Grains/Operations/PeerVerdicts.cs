namespace Marquee.Grains.Operations;

/// <summary>
/// Decides from what a silo sees of its peers which of them has to go, for faults that the cluster's own probes miss: two silos
/// that reach everybody but each other, and a silo that reaches others and is not reached. Pure; not thread-safe.
/// </summary>
/// <remarks>
/// One silo sees only its own calls. Of two that do not reach each other both know which has the lower address: that one
/// condemns the other after <see cref="LowerCondemnsAfter"/>. Does the fault go on, then the silo with the lower address is the
/// one that cannot be reached, and it does not know: those above condemn it after <see cref="HigherCondemnsAfter"/>. A silo that
/// reaches fewer than half of its peers condemns nobody: the fault may be its own, and the cluster's probes see to it.
/// </remarks>
/// <param name="self">The silo that looks.</param>
internal sealed class PeerVerdicts(SiloAddress self)
{
    /// <summary>A peer fails when more than half of the calls of so long failed.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(10);

    /// <summary>How long a peer with a higher address has to fail.</summary>
    public static readonly TimeSpan LowerCondemnsAfter = TimeSpan.FromSeconds(9);

    /// <summary>How long a peer with a lower address has to fail.</summary>
    public static readonly TimeSpan HigherCondemnsAfter = TimeSpan.FromSeconds(20);

    /// <summary>A fault that has gone by condemns nobody: one call may be told of late, with answers to later ones around it.</summary>
    private const int FailsStill = 2;

    /// <summary>Fewer calls say nothing.</summary>
    private const int FewestCalls = 5;

    private readonly Dictionary<SiloAddress, Peer> _peers = [];

    /// <summary>Whether there is a peer whose last call was not answered.</summary>
    public bool AnyFails => _peers.Values.Any(peer => peer.FailedLast > 0);

    /// <summary>Takes note of a call.</summary>
    /// <param name="peer">Who was called.</param>
    /// <param name="answered">Whether an answer came in time.</param>
    /// <param name="at">When that was known; never before an earlier one.</param>
    public void Observe(SiloAddress peer, bool answered, TimeSpan at)
    {
        if (!_peers.TryGetValue(peer, out var seen))
        {
            _peers[peer] = seen = new Peer();
        }

        seen.Calls.Enqueue((at, answered));
        seen.HasAnswered |= answered;
        seen.FailedLast = answered ? 0 : seen.FailedLast + 1;
    }

    /// <summary>
    /// Whether no call of the last <see cref="Window"/> was answered, of a peer that did answer before. One silo may be wrong
    /// about that, or be itself the one that is cut off: it takes another's word to act on it.
    /// </summary>
    /// <param name="peer">Which.</param>
    /// <param name="now">Not before the newest observation.</param>
    public bool IsSilent(SiloAddress peer, TimeSpan now)
    {
        if (!_peers.TryGetValue(peer, out var seen))
        {
            return false;
        }

        seen.Look(now);
        return seen.IsSilent;
    }

    /// <summary>Who has to go.</summary>
    /// <param name="peers">The other active silos; what is known of others is forgotten.</param>
    /// <param name="now">Not before the newest observation.</param>
    /// <returns>A peer, and since when it fails; null when nobody has to.</returns>
    public PeerVerdict? Judge(IReadOnlyCollection<SiloAddress> peers, TimeSpan now)
    {
        foreach (var gone in _peers.Keys.Except(peers).ToArray())
        {
            _peers.Remove(gone);
        }

        foreach (var peer in _peers.Values)
        {
            peer.Look(now);
        }

        var failing = _peers.Where(peer => peer.Value.FailsSince is not null).ToArray();
        if (failing.Length * 2 > peers.Count)
        {
            return null;
        }

        foreach (var (address, peer) in failing)
        {
            var failsFor = now - peer.FailsSince!.Value;
            if (peer.FailedLast >= FailsStill && failsFor >= (self.CompareTo(address) < 0 ? LowerCondemnsAfter : HigherCondemnsAfter))
            {
                return new PeerVerdict(address, failsFor);
            }
        }

        return null;
    }

    /// <summary>What is known of one peer.</summary>
    private sealed class Peer
    {
        public Queue<(TimeSpan At, bool Answered)> Calls { get; } = new();

        /// <summary>A peer that has never answered may be of a version that does not know the call.</summary>
        public bool HasAnswered { get; set; }

        /// <summary>How many calls in a row have failed, up to the last.</summary>
        public int FailedLast { get; set; }

        public TimeSpan? FailsSince { get; private set; }

        public bool IsSilent { get; private set; }

        public void Look(TimeSpan now)
        {
            while (Calls.TryPeek(out var oldest) && now - oldest.At > Window)
            {
                Calls.Dequeue();
            }

            // Without enough calls nothing is known: a silo that was itself frozen begins anew.
            var known = HasAnswered && Calls.Count >= FewestCalls;
            var answered = Calls.Count(call => call.Answered);
            FailsSince = known && answered * 2 < Calls.Count ? FailsSince ?? now : null;
            IsSilent = known && answered == 0;
        }
    }
}

/// <summary>A peer that has to go.</summary>
/// <param name="Peer">Which.</param>
/// <param name="FailsFor">For how long most calls to it have failed.</param>
internal sealed record PeerVerdict(SiloAddress Peer, TimeSpan FailsFor);
