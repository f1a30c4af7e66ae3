using Marquee.Cli.Load.Traffic;

namespace Marquee.Cli.Load.Measuring;

/// <summary>What has become of the calls of one kind. Safe for concurrent use.</summary>
internal sealed class KindTally
{
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _latencies = new();
    private readonly long[] _outcomes = new long[Enum.GetValues<CallOutcome>().Length];
    private long _due;
    private long _dropped;
    private long _inTime;
    private long _degraded;
    private EventTotals _events;

    public void Due() => Interlocked.Increment(ref _due);

    public void Drop() => Interlocked.Increment(ref _dropped);

    /// <summary>A call has ended.</summary>
    /// <param name="result">How.</param>
    /// <param name="latency">Since it was due.</param>
    /// <param name="inTime">Before the load itself was over.</param>
    public void Add(CallResult result, TimeSpan latency, bool inTime)
    {
        lock (_gate)
        {
            _outcomes[(int)result.Outcome]++;
            _events = _events.Add(result);
            if (result.Outcome == CallOutcome.Answered)
            {
                _latencies.Add(latency);
                _inTime += inTime ? 1 : 0;
                _degraded += result.IsDegraded ? 1 : 0;
            }
        }
    }

    /// <summary>The figures as they stand.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="window">The time in which the calls were due.</param>
    public KindFigures Figures(TrafficKind kind, TimeSpan window)
    {
        lock (_gate)
        {
            var (dropped, lost) = (Interlocked.Read(ref _dropped), _outcomes[(int)CallOutcome.Lost]);
            return new KindFigures
            {
                Kind = TrafficKinds.NameOf(kind),
                Due = Interlocked.Read(ref _due),
                Answered = _outcomes[(int)CallOutcome.Answered],
                Shed = _outcomes[(int)CallOutcome.Shed],
                Refused = _outcomes[(int)CallOutcome.Refused],
                Lost = lost,
                NotSent = dropped,
                Degraded = _degraded,
                AnsweredPerSecond = window > TimeSpan.Zero ? Math.Round(_inTime / window.TotalSeconds, 1) : 0,
                P50Milliseconds = Percentile(0.5),
                P90Milliseconds = Percentile(0.9),
                P99Milliseconds = Percentile(0.99),
                P999Milliseconds = Percentile(0.999),
                MaxMilliseconds = Milliseconds(_latencies.Max),
                Events = _events.Sent > 0 ? _events : null,
            };

            // Who got no answer waited longer than any who did; leaving them out would make an overloaded server look quick.
            double? Percentile(double share) => Milliseconds(_latencies.Percentile(share, beyond: dropped + lost));
        }
    }

    private static double? Milliseconds(TimeSpan? latency) => latency is { } known ? Math.Round(known.TotalMilliseconds, 3) : null;
}

/// <summary>The figures of one kind of call.</summary>
internal sealed record KindFigures
{
    /// <summary>The kind's name.</summary>
    public required string Kind { get; init; }

    /// <summary>Calls that were due.</summary>
    public required long Due { get; init; }

    /// <summary>Those answered with success.</summary>
    public required long Answered { get; init; }

    /// <summary>Those answered with 429 or 503.</summary>
    public required long Shed { get; init; }

    /// <summary>Those answered with another refusal.</summary>
    public required long Refused { get; init; }

    /// <summary>Those without an answer.</summary>
    public required long Lost { get; init; }

    /// <summary>Those that the generator did not send, because too many were in flight.</summary>
    public required long NotSent { get; init; }

    /// <summary>Answers that say they are older or plainer than asked for.</summary>
    public required long Degraded { get; init; }

    /// <summary>Answers that came before the load's end, per second of it.</summary>
    public required double AnsweredPerSecond { get; init; }

    /// <summary>From when a call was due to its answer; lost and unsent calls count as longer than any. Null when it is one of those.</summary>
    public double? P50Milliseconds { get; init; }

    /// <inheritdoc cref="P50Milliseconds"/>
    public double? P90Milliseconds { get; init; }

    /// <inheritdoc cref="P50Milliseconds"/>
    public double? P99Milliseconds { get; init; }

    /// <inheritdoc cref="P50Milliseconds"/>
    public double? P999Milliseconds { get; init; }

    /// <summary>The longest of those answered.</summary>
    public double? MaxMilliseconds { get; init; }

    /// <summary>For calls with events: what became of these.</summary>
    public EventTotals? Events { get; init; }
}

/// <summary>What became of events.</summary>
/// <param name="Sent">All that were sent.</param>
/// <param name="Accepted">Acknowledged as new.</param>
/// <param name="Duplicates">Acknowledged as known already.</param>
/// <param name="Rejected">Refused one by one.</param>
/// <param name="Unacknowledged">In calls that were not answered with success; some may have been written.</param>
internal readonly record struct EventTotals(long Sent, long Accepted, long Duplicates, long Rejected, long Unacknowledged)
{
    /// <summary>With those of a call.</summary>
    public EventTotals Add(CallResult call) => new(
        Sent + call.Events,
        Accepted + call.Accepted,
        Duplicates + call.Duplicates,
        Rejected + call.Rejected,
        Unacknowledged + (call.Outcome == CallOutcome.Answered ? 0 : call.Events));

    /// <summary>With those of another kind.</summary>
    public EventTotals Add(EventTotals other) => new(
        Sent + other.Sent, Accepted + other.Accepted, Duplicates + other.Duplicates, Rejected + other.Rejected, Unacknowledged + other.Unacknowledged);
}
