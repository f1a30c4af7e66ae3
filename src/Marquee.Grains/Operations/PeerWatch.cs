using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Operations;

/// <summary>
/// Calls every other silo twice a second, and has one declared dead: whose process has ended, at once; that answers nobody;
/// that alone does not reach the store, see <see cref="StoreWatch"/>; or that must go all the same, see <see cref="PeerVerdicts"/>.
/// </summary>
internal sealed class PeerWatch(
    PeerCalls calls,
    StoreWatch store,
    IPeerOpinions client,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    TimeProvider time,
    ILogger<PeerWatch> logger) : BackgroundService
{
    /// <summary>A process that has ended is noticed after half of it, and nothing of its share runs until then.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>Long enough for a silo that is busy, for it is not to be taken for one that is cut off.</summary>
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(4);

    /// <summary>A peer's calls do not come everywhere at the same instant.</summary>
    private static readonly TimeSpan Allowance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OpinionTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan KillTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Peers that are being looked at more closely.</summary>
    private readonly ConcurrentDictionary<SiloAddress, bool> _suspected = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var peers = Peers();
            if (calls.Judge(peers) is { } verdict)
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

    private SiloAddress[] Peers() => [.. membership.CurrentSnapshot.ActiveBut(silo.SiloAddress)];

    private async Task Call(SiloAddress peer)
    {
        var answered = await Answers(peer);
        calls.Observe(peer, answered);
        if (!_suspected.TryAdd(peer, true))
        {
            return;
        }

        try
        {
            if (answered)
            {
                await AskForItsStore(peer);
            }
            else if (!await HasEnded(peer))
            {
                await AskWhetherItIsSilent(peer);
            }
        }
        finally
        {
            _suspected.TryRemove(peer, out _);
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
    /// A process that has ended is seen by all at once: its machine refuses connections at every port of it, and it calls nobody
    /// any more. One that refuses this silo alone is behind a broken network; one that still calls, or takes requests of viewers,
    /// is behind a firewall that refuses in its place, and lives. To declare that one dead within a second would be sooner than
    /// what it answers its viewers is out of date.
    /// </summary>
    private async Task<bool> HasEnded(SiloAddress peer)
    {
        if (!await calls.IsRefusedBy(peer))
        {
            return false;
        }

        // Its last calls came just before it ended, here and to those who are asked.
        if (calls.QuietIn(peer) is var rest && rest > TimeSpan.Zero)
        {
            await Task.Delay(rest + Allowance, time);
        }

        if (!await calls.LooksEnded(peer))
        {
            return false;
        }

        var opinions = await OpinionsOf(peer, client.IsRefusedBy);
        if (!opinions.Contains(true) || opinions.Contains(false) || !Peers().Contains(peer))
        {
            return false;
        }

        logger.LogWarning("Nothing listens any more where silo {Peer} did, and it calls nobody, which others find too: it is declared dead", peer);
        await DeclareDead(peer);
        return true;
    }

    /// <summary>A silo that is frozen or cut off answers nobody. Not for those to say who reach fewer than half of the others.</summary>
    private async Task AskWhetherItIsSilent(SiloAddress peer)
    {
        if (!calls.IsSilent(peer))
        {
            return;
        }

        var opinions = await OpinionsOf(peer, client.IsSilentTo);
        var agree = opinions.Count(opinion => opinion == true);
        if (agree > 0 && !opinions.Contains(false) && agree * 2 >= opinions.Length + 1 && Peers().Contains(peer))
        {
            logger.LogError("Silo {Peer} has answered nobody for {Seconds:0} s: it is declared dead, so that its share runs elsewhere", peer, PeerVerdicts.Window.TotalSeconds);
            await DeclareDead(peer);
        }
    }

    private async Task AskForItsStore(SiloAddress peer)
    {
        if (store.WithinReachFor < StoreWatch.CondemnsAfter || await TryAsk(client.WithoutStoreFor(peer), peer) is not { } without)
        {
            return;
        }

        if (without >= StoreWatch.CondemnsAfter && Peers().Contains(peer))
        {
            logger.LogError(
                "Silo {Peer} has not reached the store for {Seconds:0} s, and it is reached from here: it is declared dead, so that its share runs where the store is reached",
                peer,
                without.TotalSeconds);
            await DeclareDead(peer);
        }
    }

    /// <summary>What each of the others says of a peer; null of those that do not say.</summary>
    private Task<bool?[]> OpinionsOf(SiloAddress peer, Func<SiloAddress, SiloAddress, Task<bool>> ask) =>
        Task.WhenAll(Peers().Where(other => !other.Equals(peer)).Select(other => TryAsk(ask(other, peer), other)));

    private async Task<T?> TryAsk<T>(Task<T> answer, SiloAddress peer)
        where T : struct
    {
        try
        {
            return await answer.WaitAsync(OpinionTimeout, time);
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "Silo {Peer} does not say", peer);
            return null;
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
