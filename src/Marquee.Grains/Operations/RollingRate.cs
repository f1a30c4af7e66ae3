namespace Marquee.Grains.Operations;

/// <summary>A rate over the last ten whole seconds. Thread-safe.</summary>
internal sealed class RollingRate(TimeProvider time)
{
    private const int Seconds = 10;

    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[Seconds + 1];
    private long _newest;

    public double PerSecond
    {
        get
        {
            lock (_lock)
            {
                Roll();
                return (_counts.Sum() - _counts[_newest % _counts.Length]) / (double)Seconds;
            }
        }
    }

    public void Add(int count)
    {
        lock (_lock)
        {
            Roll();
            _counts[_newest % _counts.Length] += count;
        }
    }

    private void Roll()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        for (var second = Math.Max(_newest + 1, now - _counts.Length + 1); second <= now; second++)
        {
            _counts[second % _counts.Length] = 0;
        }

        _newest = Math.Max(_newest, now);
    }
}
