namespace Marquee.Cli.Replay;

/// <summary>Where a replay stands. Safe for concurrent use.</summary>
internal sealed class ReplayTally
{
    private readonly Lock _gate = new();
    private TimeSpan _lag;
    private TimeSpan _lagMax;
    private DateTimeOffset? _streamTime;

    /// <summary>How long after it was due the batch that was acknowledged last was acknowledged.</summary>
    public TimeSpan Lag
    {
        get { lock (_gate) { return _lag; } }
    }

    /// <summary>The largest lag of any batch.</summary>
    public TimeSpan LagMax
    {
        get { lock (_gate) { return _lagMax; } }
    }

    /// <summary>The newest event time that was acknowledged.</summary>
    public DateTimeOffset? StreamTime
    {
        get { lock (_gate) { return _streamTime; } }
    }

    /// <summary>A batch was acknowledged.</summary>
    public void Acknowledge(TimeSpan lag, DateTimeOffset? streamTime)
    {
        lock (_gate)
        {
            _lag = lag;
            _lagMax = lag > _lagMax ? lag : _lagMax;
            _streamTime = _streamTime > streamTime ? _streamTime : streamTime ?? _streamTime;
        }
    }
}
