using Marquee.Contracts.Operations;

namespace Marquee.Grains.Operations;

/// <summary>Percentiles over the last one to two minutes. Thread-safe; bounded: a logarithmic histogram per minute, 5 % wide bins.</summary>
internal sealed class RollingLatency(TimeProvider time)
{
    private const int Bins = 400;
    private const double FirstBinMilliseconds = 0.001;
    private static readonly double BinWidth = Math.Log(1.05);

    private readonly Lock _lock = new();
    private long[] _current = new long[Bins];
    private long[] _previous = new long[Bins];
    private long _minute;

    public void Add(double milliseconds)
    {
        var bin = milliseconds <= FirstBinMilliseconds ? 0 : (int)Math.Min(Bins - 1, Math.Log(milliseconds / FirstBinMilliseconds) / BinWidth);
        lock (_lock)
        {
            Roll();
            _current[bin]++;
        }
    }

    public Latency Summarise()
    {
        var counts = new long[Bins];
        lock (_lock)
        {
            Roll();
            for (var i = 0; i < Bins; i++)
            {
                counts[i] = _current[i] + _previous[i];
            }
        }

        var total = counts.Sum();
        return new Latency(Percentile(counts, total, 0.5), Percentile(counts, total, 0.99), total);
    }

    private static double Percentile(long[] counts, long total, double share)
    {
        if (total == 0)
        {
            return 0;
        }

        var wanted = (long)Math.Ceiling(total * share);
        long seen = 0;
        var bin = 0;
        while ((seen += counts[bin]) < wanted)
        {
            bin++;
        }

        // The upper edge of the bin: never better than it was.
        return Math.Round(FirstBinMilliseconds * Math.Exp((bin + 1) * BinWidth), 3);
    }

    private void Roll()
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (minute == _minute)
        {
            return;
        }

        (_previous, _current) = (_current, _previous);
        Array.Clear(_current);
        if (minute != _minute + 1)
        {
            Array.Clear(_previous);
        }

        _minute = minute;
    }
}
