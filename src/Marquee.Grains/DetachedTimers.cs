namespace Marquee.Grains;

/// <summary>Timers whose work calls other grains.</summary>
internal static class DetachedTimers
{
    /// <summary>Starts work again and again, never twice at once.</summary>
    /// <remarks>
    /// The grain's end does not wait for the work: it calls grains that may in turn be waiting for this grain's next activation,
    /// and that would hold it up until their calls time out. So the work must be harmless behind the grain's end.
    /// </remarks>
    /// <param name="grain">The grain; its activation's scheduler runs the work.</param>
    /// <param name="work">Must not throw.</param>
    /// <param name="interval">The time from one start to the next, at least.</param>
    /// <param name="firstAfter">The time to the first start; one interval when null.</param>
    public static void RegisterDetachedTimer(this IGrainBase grain, Func<Task> work, TimeSpan interval, TimeSpan? firstAfter = null)
    {
        var running = Task.CompletedTask;
        grain.RegisterGrainTimer(
            () =>
            {
                running = running.IsCompleted ? work() : running;
                return Task.CompletedTask;
            },
            new GrainTimerCreationOptions(firstAfter ?? interval, interval) { Interleave = true, KeepAlive = true });
    }
}
