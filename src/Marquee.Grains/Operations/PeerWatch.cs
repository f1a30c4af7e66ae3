using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Operations;

/// <summary>
/// Calls every other silo twice a second, and has one declared dead whose process has ended, at once, or that must go; see
/// <see cref="PeerVerdicts"/>.
/// </summary>
internal sealed class PeerWatch(
    PeerServiceClient client,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<PeerWatch> logger) : BackgroundService
{
    /// <summary>A process that has ended is noticed after half of it, and nothing of its share runs until then.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Long enough for a silo that is busy, for it is not to be taken for one that is cut off.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan OpinionTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    private readonly PeerVerdicts _verdicts = new(silo.SiloAddress);
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _lock = new();

    /// <summary>Peers that are being looked at more closely.</summary>
    private readonly ConcurrentDictionary<SiloAddress, bool> _suspected = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var peers = Peers();
            PeerVerdict? verdict;
            lock (_lock)
            {
                verdict = _verdicts.Judge(peers, time.GetElapsedTime(_started));
            }

            if (verdict is not null)
            {
                logger.LogError(
                    "Most calls from here to silo {Peer} have failed for {Seconds:0} s, and others are reached: it is declared dead, so that its share runs where all reach it",
                    verdict.Peer,
                    verdict.FailsFor.TotalSeconds);
                await DeclareDead(verdict.Peer);
            }

            foreach (var peer in peers)
            {
                _ = Call(peer);
            }
        }
    }

    private SiloAddress[] Peers() =>
    [
        .. membership.CurrentSnapshot.Members.Values
            .Where(member => member.Status == SiloStatus.Active && !member.SiloAddress.Equals(silo.SiloAddress))
            .Select(member => member.SiloAddress),
    ];

    private async Task Call(SiloAddress peer)
    {
        var answered = await Answers(peer);
        lock (_lock)
        {
            _verdicts.Observe(peer, answered, time.GetElapsedTime(_started));
        }

        if (!answered && _suspected.TryAdd(peer, true))
        {
            try
            {
                await Suspect(peer);
            }
            finally
            {
                _suspected.TryRemove(peer, out _);
            }
        }
    }

    private async Task<bool> Answers(SiloAddress peer)
    {
        try
        {
            await client.Ping(peer).WaitAsync(CallTimeout, time);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "Silo {Peer} does not answer", peer);
            return false;
        }
    }

    /// <summary>
    /// A process that has ended is seen by all at once: its machine refuses connections. One that refuses this silo alone is
    /// behind a broken network, and left to the verdicts.
    /// </summary>
    private async Task Suspect(SiloAddress peer)
    {
        if (!await SiloPort.Refuses(peer))
        {
            return;
        }

        foreach (var other in Peers().Where(other => !other.Equals(peer)))
        {
            try
            {
                if (await client.IsRefusedBy(other, peer).WaitAsync(OpinionTimeout, time) && Peers().Contains(peer))
                {
                    logger.LogWarning("Nothing listens any more where silo {Peer} did, which silo {Other} finds too: it is declared dead", peer, other);
                    await DeclareDead(peer);
                }

                return;
            }
            catch (Exception exception)
            {
                logger.LogDebug(exception, "Silo {Other} does not say what it knows of silo {Peer}", other, peer);
            }
        }
    }

    private async Task DeclareDead(SiloAddress peer)
    {
        try
        {
            await membership.TryKill(peer).WaitAsync(KillTimeout, time);
        }
        catch (Exception exception)
        {
            logger.LogWarning(exception, "Silo {Peer} could not be declared dead; trying again", peer);
        }
    }
}
