namespace Marquee.Grains.Operations;

/// <summary>What became of the calls from this silo to the others. Thread-safe.</summary>
internal sealed class PeerCalls(ILocalSiloDetails silo, TimeProvider time)
{
    private readonly PeerVerdicts _verdicts = new(silo.SiloAddress);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();

    /// <inheritdoc cref="PeerVerdicts.AnyFails"/>
    public bool AnyFails
    {
        get
        {
            lock (_lock)
            {
                return _verdicts.AnyFails;
            }
        }
    }

    private TimeSpan Now => time.GetElapsedTime(_started);

    /// <summary>Takes note of a call.</summary>
    public void Observe(SiloAddress peer, bool answered)
    {
        lock (_lock)
        {
            _verdicts.Observe(peer, answered, Now);
        }
    }

    /// <inheritdoc cref="PeerVerdicts.Judge"/>
    public PeerVerdict? Judge(IReadOnlyCollection<SiloAddress> peers)
    {
        lock (_lock)
        {
            return _verdicts.Judge(peers, Now);
        }
    }

    /// <inheritdoc cref="PeerVerdicts.IsSilent"/>
    public bool IsSilent(SiloAddress peer)
    {
        lock (_lock)
        {
            return _verdicts.IsSilent(peer, Now);
        }
    }
}
