using System.Net;

namespace Marquee.Grains.Operations;

/// <summary>What became of the calls from this silo to the others, and when each of them last called here. Thread-safe.</summary>
internal sealed class PeerCalls(ILocalSiloDetails silo, TimeProvider time)
{
    /// <summary>A peer that lives calls twice a second: two calls are missing.</summary>
    public static readonly TimeSpan QuietAfter = TimeSpan.FromSeconds(1);

    private readonly PeerVerdicts _verdicts = new(silo.SiloAddress);
    private readonly Dictionary<SiloAddress, (long At, int? Port)> _heard = [];
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
    /// <param name="peer">Who calls.</param>
    /// <param name="port">Its <see cref="SecondPort"/>.</param>
    public void Hear(SiloAddress peer, int? port)
    {
        lock (_lock)
        {
            _heard[peer] = (time.GetTimestamp(), port);
        }
    }

    /// <summary>
    /// Whether a peer's process looks as if it had ended: its machine says that nothing listens where it did, neither for silos
    /// nor at its <see cref="SecondPort"/>, and it <see cref="IsQuiet"/>.
    /// </summary>
    public async Task<bool> LooksEnded(SiloAddress peer) => IsQuiet(peer) && await IsRefusedBy(peer);

    /// <summary>Whether a peer's machine says that nothing listens at any of its ports that are known.</summary>
    public async Task<bool> IsRefusedBy(SiloAddress peer) =>
        await SiloPort.Refuses(peer) && (PortOf(peer) is not { } port || await SiloPort.Refuses(new IPEndPoint(peer.Endpoint.Address, port)));

    private int? PortOf(SiloAddress peer)
    {
        lock (_lock)
        {
            return _heard.TryGetValue(peer, out var heard) ? heard.Port : null;
        }
    }

    /// <summary>How long a peer must not call any more to be <see cref="IsQuiet"/>; zero when it is.</summary>
    public TimeSpan QuietIn(SiloAddress peer)
    {
        lock (_lock)
        {
            var rest = _heard.TryGetValue(peer, out var heard) ? QuietAfter - time.GetElapsedTime(heard.At) : TimeSpan.Zero;
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
                return _heard.Values.Any(heard => time.GetElapsedTime(heard.At) >= QuietAfter);
            }
        }
    }

    /// <summary>Whether there are peers that did call, and none of them has for so long.</summary>
    public bool NoneHeardFor(TimeSpan least)
    {
        lock (_lock)
        {
            return _heard.Count > 0 && _heard.Values.All(heard => time.GetElapsedTime(heard.At) >= least);
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
