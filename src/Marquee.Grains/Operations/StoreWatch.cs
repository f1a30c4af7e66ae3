using Marquee.Storage.Events;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Marquee.Grains.Operations;

/// <summary>
/// Tries every second whether the store is reached. A silo that alone does not reach it can serve reads and no writes: its
/// peers ask for that, and have it declared dead, so that its share runs where the store is reached; see <see cref="PeerWatch"/>.
/// Until then, and until it knows, it says that it is not ready, so that no load balancer sends it what another can do. So does
/// one that no peer calls any more besides: it cannot be told that others reach the store, and is most likely cut off from all.
/// </summary>
internal sealed class StoreWatch(IPartitionLog log, NodeState node, PeerCalls calls, TimeProvider time, ILogger<StoreWatch> logger) : BackgroundService
{
    /// <summary>How long a silo has to be without the store, and another with it, before it has to go.</summary>
    public static readonly TimeSpan CondemnsAfter = TimeSpan.FromSeconds(10);

    /// <summary>How long it has to be without before it says that it is not ready.</summary>
    private static readonly TimeSpan NotReadyAfter = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <summary>Nothing is ever written there: to find that out is the cheapest question that a log answers.</summary>
    private static readonly LogPartition Nowhere = new("store-watch");

    private readonly PeriodicTimer _timer = new(Interval, time);
    private readonly Lock _lock = new();
    private long _changed;
    private bool? _isReached;
    private bool _isReachedByAnother;

    /// <summary>For how long no try has got through; zero when the last did, and before the first.</summary>
    public TimeSpan WithoutFor => For(isReached: false);

    /// <summary>For how long every try has got through; zero when the last did not, and before the first.</summary>
    public TimeSpan WithinReachFor => For(isReached: true);

    /// <summary>A peer that reaches the store asks; so if this silo does not, it is alone with that.</summary>
    public TimeSpan TellOneThatReachesIt()
    {
        lock (_lock)
        {
            _isReachedByAnother = true;
        }

        return WithoutFor;
    }

    /// <summary>Takes note of a try.</summary>
    /// <param name="reached">Whether it got through.</param>
    /// <param name="tried">Timestamp of its beginning.</param>
    internal void Observe(bool reached, long tried)
    {
        lock (_lock)
        {
            if (reached != _isReached)
            {
                (_isReached, _changed, _isReachedByAnother) = (reached, tried, false);
            }

            node.Hinder(reached || time.GetElapsedTime(_changed) < NotReadyAfter ? null
                : _isReachedByAnother ? "reaching the store, which other nodes reach"
                : calls.NoneHeardFor(NotReadyAfter) ? "reaching the store and the other nodes"
                : null);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            var tried = time.GetTimestamp();
            Observe(await Reaches(stoppingToken), tried);
        }
    }

    private async Task<bool> Reaches(CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stopping);
        try
        {
            await Read(either.Token).WaitAsync(either.Token);
            return true;
        }
        catch (Exception exception)
        {
            logger.LogDebug(exception, "The store is not reached");
            return false;
        }
    }

    private async Task Read(CancellationToken cancellationToken)
    {
        await foreach (var _ in log.ReadAsync(Nowhere, from: 0, cancellationToken))
        {
            return;
        }
    }

    private TimeSpan For(bool isReached)
    {
        lock (_lock)
        {
            return _isReached == isReached ? time.GetElapsedTime(_changed) : TimeSpan.Zero;
        }
    }
}
