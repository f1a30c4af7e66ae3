namespace Marquee.Grains.Operations;

/// <summary>Whether this silo took part in the cluster a moment ago, as the members say that all silos share. Thread-safe.</summary>
/// <remarks>
/// One that was declared dead and does not know it is told nothing any more. What others rely on its not doing, because they
/// could not tell it, it may do only for <see cref="Holds"/> after the beginning of a reading in which it took part; and they wait
/// as long after it left.
/// </remarks>
internal sealed class MemberStanding(IClusterMembershipService membership, ILocalSiloDetails silo, TimeProvider time)
{
    /// <summary>So long a reading of the members counts.</summary>
    public static readonly TimeSpan Holds = TimeSpan.FromSeconds(3);

    /// <summary>Who asks has waited for something else already.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private long? _confirmedAt;
    private Task _reading = Task.CompletedTask;

    private bool IsConfirmedNow
    {
        get
        {
            lock (_lock)
            {
                return _confirmedAt is { } at && time.GetElapsedTime(at) < Holds;
            }
        }
    }

    /// <summary>Whether it did; false, too, when the members cannot be read.</summary>
    public async Task<bool> IsConfirmed()
    {
        if (!IsConfirmedNow)
        {
            await Read().WaitAsync(LongestWait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return IsConfirmedNow;
    }

    private Task Read()
    {
        lock (_lock)
        {
            return _reading.IsCompleted ? _reading = ReadOnce() : _reading;
        }
    }

    private async Task ReadOnce()
    {
        var asked = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(ReadTimeout, time);
        await membership.ReadAnew(timeout.Token);
        if (membership.CurrentSnapshot.Active().Contains(silo.SiloAddress))
        {
            lock (_lock)
            {
                _confirmedAt = asked;
            }
        }
    }
}
