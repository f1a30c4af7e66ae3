namespace Marquee.Cli.Replay;

/// <summary>Tells when an event of the stream is due: the first one at once, the others at the chosen multiple of stream time.</summary>
/// <param name="speed">How fast stream time passes.</param>
/// <param name="timeProvider">The wall clock.</param>
internal sealed class ReplayClock(ReplaySpeed speed, TimeProvider timeProvider)
{
    private readonly long _start = timeProvider.GetTimestamp();
    private DateTimeOffset? _first;

    /// <summary>How long until the event is due; negative when it is late, zero when it has no time or the speed has no limit.</summary>
    public TimeSpan Until(DateTimeOffset? eventTime)
    {
        if (eventTime is not { } time || !double.IsFinite(speed.Factor))
        {
            return TimeSpan.Zero;
        }

        _first ??= time;
        var due = (time - _first.Value).TotalSeconds / speed.Factor;
        // Slow replays of long histories reach beyond what a TimeSpan holds; they are not waited for to the end anyway.
        return TimeSpan.FromSeconds(Math.Min(due, TimeSpan.MaxValue.TotalSeconds / 2)) - timeProvider.GetElapsedTime(_start);
    }
}
