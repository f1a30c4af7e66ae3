namespace Marquee.Cli.Terminal;

/// <summary>The rate of a growing count over the last few seconds.</summary>
internal sealed class RateMeter(TimeProvider timeProvider)
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(3);

    private readonly Queue<(long Timestamp, long Count)> _samples = new();

    /// <summary>Takes a new reading of the count.</summary>
    /// <returns>Per second since the oldest reading of the window; 0 for the first reading.</returns>
    public double PerSecond(long count)
    {
        var now = timeProvider.GetTimestamp();
        while (_samples.Count > 1 && timeProvider.GetElapsedTime(_samples.Peek().Timestamp, now) > Window)
        {
            _samples.Dequeue();
        }

        _samples.Enqueue((now, count));
        var (timestamp, first) = _samples.Peek();
        var elapsed = timeProvider.GetElapsedTime(timestamp, now);
        return elapsed > TimeSpan.Zero ? (count - first) / elapsed.TotalSeconds : 0;
    }
}
