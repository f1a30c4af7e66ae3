namespace Marquee.Grains.Operations;

/// <summary>Who declared this silo dead; for the last words of its process. Thread-safe.</summary>
public sealed class EvictionNotice
{
    private volatile Func<CancellationToken, Task<MembershipEntry?>>? _readOwn;
    private volatile string? _text;

    /// <summary>Reads the silo's own entry in the table of members, where who condemns a silo leaves its address.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">The table cannot be read.</exception>
    public async Task Read(CancellationToken cancellationToken)
    {
        if (_readOwn is { } read && await read(cancellationToken) is { Status: SiloStatus.Dead, SuspectTimes: { Count: > 0 } suspected })
        {
            _text = $"Declared dead by {string.Join(" and ", suspected.Select(by => $"{by.Item1} at {by.Item2:HH:mm:ss} UTC"))}; why is in the log there.";
        }
    }

    /// <summary>What has been read, or can be now: the cluster's own way to find out may have been faster. Blocks the caller, which is about to end the process.</summary>
    /// <param name="most">For how long at most.</param>
    /// <returns>One sentence; null when nobody declared it dead, or when that cannot be read.</returns>
    public string? Find(TimeSpan most)
    {
        if (_text is null)
        {
            try
            {
                using var timeout = new CancellationTokenSource(most);
                Task.Run(() => Read(timeout.Token), timeout.Token).Wait(most);
            }
            catch (AggregateException)
            {
                // Nobody waits for these words.
            }
        }

        return _text;
    }

    /// <summary>Says how to read the entry, once there is a table.</summary>
    internal void ReadThrough(Func<CancellationToken, Task<MembershipEntry?>> readOwn) => _readOwn = readOwn;
}
