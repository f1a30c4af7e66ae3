namespace Marquee.Grains;

/// <summary>The time of a clock when this began, and from then on what has passed since: it does not jump when the machine's clock is set.</summary>
/// <remarks>
/// For what measures how long something lies idle. Orleans puts activations into a queue by the time at which they will be
/// idle long enough; after the clock was set back it would refuse to activate anything until the clock is where it was.
/// </remarks>
/// <param name="clock">The machine's clock.</param>
internal sealed class SteadyTime(TimeProvider clock) : TimeProvider
{
    private readonly DateTimeOffset _began = clock.GetUtcNow();
    private readonly long _beganAt = clock.GetTimestamp();

    /// <inheritdoc/>
    public override long TimestampFrequency => clock.TimestampFrequency;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => _began + clock.GetElapsedTime(_beganAt);

    /// <inheritdoc/>
    public override long GetTimestamp() => clock.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => clock.CreateTimer(callback, state, dueTime, period);
}
