using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Operations;

/// <summary>
/// Has a silo that was declared dead find that out, and leave, within a second or two of when it can. Nobody can tell it: its
/// peers no longer speak to it. By itself it would read the members every ten seconds, and take requests until then.
/// </summary>
/// <remarks>
/// It reads them when something happened for which a silo is declared dead: a peer does not answer or does not call any more,
/// the store was not reached, or the process stood still. What it does with what it reads is the cluster's own way: a silo that
/// finds itself dead ends.
/// </remarks>
internal sealed class EvictionWatch(
    PeerCalls calls,
    StoreWatch store,
    IMembershipTable table,
    IClusterMembershipService membership,
    ILocalSiloDetails silo,
    EvictionNotice notice,
    TimeProvider time,
    ILogger<EvictionWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    /// <summary>A timer that comes so much too late says that the process stood still.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromSeconds(3);

    private readonly PeriodicTimer _timer = new(Interval, time);

    /// <summary>Whether the members have not been read since something was suspected.</summary>
    private bool _isInDoubt;

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        notice.ReadThrough(ReadOwn);
        var looked = time.GetTimestamp();
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            _isInDoubt |= calls.AnyFails || calls.AnyWentQuiet || store.WithoutFor > TimeSpan.Zero || time.GetElapsedTime(looked) > Standstill;
            looked = time.GetTimestamp();
            if (_isInDoubt)
            {
                _isInDoubt = !await ReadMembers(stoppingToken);
                looked = time.GetTimestamp();
            }
        }
    }

    private async Task<bool> ReadMembers(CancellationToken stopping)
    {
        try
        {
            using var timeout = new CancellationTokenSource(Timeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);

            // First who declared this silo dead, if somebody did: what follows is its end then.
            await notice.Read(either.Token);
            await membership.Refresh(cancellationToken: either.Token).AsTask().WaitAsync(either.Token);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "The members cannot be read; trying again");
            return false;
        }
    }

    private async Task<MembershipEntry?> ReadOwn(CancellationToken cancellationToken) =>
        (await table.ReadRowAsync(silo.SiloAddress, cancellationToken).WaitAsync(cancellationToken)).Members is [var (own, _), ..] ? own : null;
}
