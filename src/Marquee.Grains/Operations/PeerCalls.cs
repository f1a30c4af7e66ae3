namespace Marquee.Grains.Operations;

/// <summary>What became of the calls from this silo to the others, and when each of them last called here. Thread-safe.</summary>
internal sealed class PeerCalls(ILocalSiloDetails silo, TimeProvider time)
{
    /// <summary>A peer that lives calls twice a second: two calls are missing.</summary>
    public static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(1);

    private readonly PeerVerdicts _verdicts = new(silo.SiloAddress);
    private readonly Dictionary<SiloAddress, long> _heard = [];
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

    /// <summary>Takes note of a call from a peer.</summary>
    public void Hear(SiloAddress peer)
    {
        lock (_lock)
        {
            _heard[peer] = time.GetTimestamp();
        }
    }

    /// <summary>How long a peer must not call any more to be <see cref="IsQuiet"/>; zero when it is.</summary>
    public TimeSpan QuietIn(SiloAddress peer)
    {
        lock (_lock)
        {
            var rest = _heard.TryGetValue(peer, out var heard) ? QuietAfter - time.GetElapsedTime(heard) : TimeSpan.Zero;
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    /// <summary>Whether a peer has not called for <see cref="QuietAfter"/>, or never: one of an older version does not say who calls.</summary>
    public bool IsQuiet(SiloAddress peer) => QuietIn(peer) == TimeSpan.Zero;

    /// <summary>Whether a peer that did call has gone quiet: it may not reach this silo, and the others may not either.</summary>
    public bool AnyWentQuiet
    {
        get
        {
            lock (_lock)
            {
                return _heard.Values.Any(heard => time.GetElapsedTime(heard) >= QuietAfter);
            }
        }
    }

    /// <inheritdoc cref="PeerVerdicts.Judge"/>
    public PeerVerdict? Judge(IReadOnlyCollection<SiloAddress> peers)
    {
        lock (_lock)
        {
            foreach (var gone in _heard.Keys.Except(peers).ToArray())
            {
                _heard.Remove(gone);
            }

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
