using System.Diagnostics.Metrics;
using Marquee.Contracts.Operations;

namespace Marquee.Grains.Operations;

/// <summary>What the node counts and times; read by its status, exported as metrics.</summary>
public sealed class NodeMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "Marquee";

    /// <summary>Bounds of histograms of seconds: those that exporters use when none are given are of milliseconds.</summary>
    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Counter<long> _acceptedCounter;
    private readonly Counter<long> _duplicateCounter;
    private readonly Counter<long> _fencedCounter;
    private readonly Counter<long> _slateCounter;
    private readonly Counter<long> _exploredCounter;
    private readonly Histogram<double> _freshnessHistogram;
    private readonly Histogram<double> _slateHistogram;
    private readonly RollingLatency _freshness;
    private readonly RollingLatency _slateLatency;
    private readonly RollingRate _eventRate;
    private readonly RollingRate _slateRate;
    private long _accepted;
    private long _duplicates;
    private long _slates;

    /// <summary>Creates the instruments.</summary>
    public NodeMetrics(IMeterFactory meters, TimeProvider time)
    {
        var meter = meters.Create(MeterName);
        _acceptedCounter = meter.CreateCounter<long>("marquee.events.accepted", "{event}", "Events made durable by partitions of this node.");
        _duplicateCounter = meter.CreateCounter<long>("marquee.events.duplicate", "{event}", "Events dropped because their id was known.");
        _fencedCounter = meter.CreateCounter<long>("marquee.appends.fenced", "{append}", "Appends that the store refused because another node had taken the partition over.");
        _slateCounter = meter.CreateCounter<long>("marquee.slates", "{slate}", "Slates ranked by this node.");
        _exploredCounter = meter.CreateCounter<long>("marquee.slots.explored", "{slot}", "Slots of slates given to titles of which little is known.");
        _freshnessHistogram = meter.CreateHistogram<double>("marquee.freshness", "s", "Commit of an event to its visibility in the catalogue's rows.", tags: null, Seconds);
        _slateHistogram = meter.CreateHistogram<double>("marquee.slate.duration", "s", "Time to rank a slate.", tags: null, Seconds);
        _freshness = new RollingLatency(time);
        _slateLatency = new RollingLatency(time);
        _eventRate = new RollingRate(time);
        _slateRate = new RollingRate(time);
    }

    /// <summary>Events made durable since the start.</summary>
    public long EventsAccepted => Volatile.Read(ref _accepted);

    /// <summary>Duplicates dropped since the start.</summary>
    public long EventsDuplicate => Volatile.Read(ref _duplicates);

    /// <summary>Slates ranked since the start.</summary>
    public long Slates => Volatile.Read(ref _slates);

    /// <summary>Events per second over the last ten seconds.</summary>
    public double EventsPerSecond => _eventRate.PerSecond;

    /// <summary>Slates per second over the last ten seconds.</summary>
    public double SlatesPerSecond => _slateRate.PerSecond;

    /// <summary>Commit to visibility, over the last minute.</summary>
    public Latency Freshness => _freshness.Summarise();

    /// <summary>Time to rank a slate, over the last minute.</summary>
    public Latency SlateLatency => _slateLatency.Summarise();

    /// <summary>Counts a commit.</summary>
    public void NoteEvents(int accepted, int duplicates)
    {
        Interlocked.Add(ref _accepted, accepted);
        Interlocked.Add(ref _duplicates, duplicates);
        _acceptedCounter.Add(accepted);
        _duplicateCounter.Add(duplicates);
        _eventRate.Add(accepted);
    }

    /// <summary>Counts an append that the store refused.</summary>
    public void NoteFenced() => _fencedCounter.Add(1);

    /// <summary>Times a slate.</summary>
    public void NoteSlate(TimeSpan elapsed)
    {
        Interlocked.Increment(ref _slates);
        _slateCounter.Add(1);
        _slateHistogram.Record(elapsed.TotalSeconds);
        _slateLatency.Add(elapsed.TotalMilliseconds);
        _slateRate.Add(1);
    }

    /// <summary>Counts an explored slot.</summary>
    public void NoteExplored(string surface) => _exploredCounter.Add(1, new KeyValuePair<string, object?>("surface", surface));

    /// <summary>Times a change from commit to visibility.</summary>
    public void NoteFreshness(TimeSpan elapsed)
    {
        _freshnessHistogram.Record(elapsed.TotalSeconds);
        _freshness.Add(elapsed.TotalMilliseconds);
    }
}
