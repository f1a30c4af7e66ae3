using Marquee.Cli.Load.Traffic;

namespace Marquee.Cli.Load.Measuring;

/// <summary>What has become of the calls of a load so far. Safe for concurrent use.</summary>
internal sealed class LoadTally
{
    private const int MessagesMax = 5;

    private readonly KindTally[] _kinds = [.. TrafficKinds.All.Select(_ => new KindTally())];
    private readonly Lock _gate = new();
    private readonly LatencyHistogram _delays = new();
    private readonly Dictionary<string, long> _messages = [];
    private TimeSpan _length = TimeSpan.MaxValue;
    private TimeSpan? _window;
    private TimeSpan _newest;

    /// <summary>The load begins and is to go on for so long.</summary>
    public void Begin(TimeSpan length)
    {
        lock (_gate)
        {
            _length = length;
        }
    }

    /// <summary>No more calls are due; they were within this time.</summary>
    public void End(TimeSpan window)
    {
        lock (_gate)
        {
            _window = window;
        }
    }

    public void Due(TrafficKind kind) => _kinds[(int)kind].Due();

    /// <summary>A call was due and was not sent, because too many were in flight.</summary>
    public void Drop(TrafficKind kind) => _kinds[(int)kind].Drop();

    /// <summary>A call is about to be sent.</summary>
    /// <param name="delay">Since it was due: the generator's own fault.</param>
    public void Sent(TimeSpan delay)
    {
        lock (_gate)
        {
            _delays.Add(delay);
        }
    }

    /// <summary>A call has ended.</summary>
    /// <param name="kind">Its kind.</param>
    /// <param name="result">How.</param>
    /// <param name="latency">Since it was due.</param>
    /// <param name="at">When, since the load began.</param>
    public void Add(TrafficKind kind, CallResult result, TimeSpan latency, TimeSpan at)
    {
        bool inTime;
        lock (_gate)
        {
            inTime = at <= _length;
            _newest = at > _newest ? at : _newest;
            if (result.Message is { } message && (_messages.ContainsKey(message) || _messages.Count < MessagesMax))
            {
                _messages[message] = _messages.GetValueOrDefault(message) + 1;
            }
        }

        _kinds[(int)kind].Add(result, latency, inTime);
    }

    /// <summary>The figures as they stand.</summary>
    /// <param name="kinds">The kinds to tell of.</param>
    public LoadFigures Figures(IEnumerable<TrafficKind> kinds)
    {
        lock (_gate)
        {
            // While it goes on, up to the newest answer.
            var window = _window ?? _newest;
            return new LoadFigures
            {
                Seconds = Math.Round(window.TotalSeconds, 3),
                Kinds = [.. kinds.Select(kind => _kinds[(int)kind].Figures(kind, window))],
                SendDelayP50Milliseconds = _delays.Percentile(0.5)?.TotalMilliseconds,
                SendDelayP99Milliseconds = _delays.Percentile(0.99)?.TotalMilliseconds,
                SendDelayMaxMilliseconds = _delays.Max?.TotalMilliseconds,
                Complaints = [.. _messages.OrderByDescending(pair => pair.Value).Select(pair => new Complaint(pair.Key, pair.Value))],
            };
        }
    }
}

/// <summary>The figures of a load.</summary>
internal sealed record LoadFigures
{
    /// <summary>The time in which its calls were due.</summary>
    public required double Seconds { get; init; }

    /// <summary>By kind of call.</summary>
    public required IReadOnlyList<KindFigures> Kinds { get; init; }

    /// <summary>From when a call was due to its being sent: how late the generator itself was.</summary>
    public double? SendDelayP50Milliseconds { get; init; }

    /// <inheritdoc cref="SendDelayP50Milliseconds"/>
    public double? SendDelayP99Milliseconds { get; init; }

    /// <inheritdoc cref="SendDelayP50Milliseconds"/>
    public double? SendDelayMaxMilliseconds { get; init; }

    /// <summary>What went wrong, most frequent first; a few of them.</summary>
    public required IReadOnlyList<Complaint> Complaints { get; init; }

    /// <summary>Calls answered with success.</summary>
    public long Answered => Kinds.Sum(kind => kind.Answered);

    /// <summary>Calls that were not sent.</summary>
    public long NotSent => Kinds.Sum(kind => kind.NotSent);

    /// <summary>Answers that say they are older or plainer than asked for.</summary>
    public long Degraded => Kinds.Sum(kind => kind.Degraded);

    /// <summary>What became of the events of all kinds.</summary>
    public EventTotals Events => Kinds.Aggregate(default(EventTotals), (sum, kind) => sum.Add(kind.Events ?? default));
}

/// <summary>Something that went wrong.</summary>
/// <param name="Message">What.</param>
/// <param name="Calls">How often.</param>
internal sealed record Complaint(string Message, long Calls);
