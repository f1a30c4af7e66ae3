using HdrHistogram;

namespace Marquee.Cli.Load.Measuring;

/// <summary>Times by their frequency, exact to a part in a thousand, from a microsecond to an hour. Not safe for concurrent use.</summary>
internal sealed class LatencyHistogram
{
    private const int Digits = 3;
    private static readonly long MicrosecondsMax = (long)TimeSpan.FromHours(1).TotalMicroseconds;

    private readonly LongHistogram _histogram = new(MicrosecondsMax, Digits);

    /// <summary>How many times there are.</summary>
    public long Count => _histogram.TotalCount;

    /// <summary>The longest; null when there is none.</summary>
    public TimeSpan? Max => Count == 0 ? null : TimeSpan.FromMicroseconds(_histogram.GetMaxValue());

    /// <summary>Adds a time; one beyond an hour counts as an hour.</summary>
    public void Add(TimeSpan latency) => _histogram.RecordValue(Math.Clamp((long)Math.Ceiling(latency.TotalMicroseconds), 1, MicrosecondsMax));

    /// <summary>The time that a share of all does not exceed.</summary>
    /// <param name="share">Above 0, at most 1.</param>
    /// <param name="beyond">How many more there are that took longer than any.</param>
    /// <returns>Null when it is one of those beyond, or when there is none at all.</returns>
    public TimeSpan? Percentile(double share, long beyond = 0)
    {
        // The smallest rank that covers the share, less what rounding adds to a whole number.
        var rank = Math.Max(1, Math.Ceiling((share * (Count + beyond)) - 1e-6));
        return rank > Count ? null : TimeSpan.FromMicroseconds(_histogram.GetValueAtPercentile(100.0 * rank / Count));
    }
}
