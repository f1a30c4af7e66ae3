namespace Marquee.Silo.Models;

/// <summary>Runs long computations below everything that serves.</summary>
internal static class BackgroundThread
{
    /// <summary>Runs a computation on a thread of its own, of the lowest priority.</summary>
    /// <param name="name">The thread's name.</param>
    /// <param name="compute">The computation.</param>
    public static Task<T> Run<T>(string name, Func<T> compute)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                done.SetResult(compute());
            }
            catch (Exception exception)
            {
                done.SetException(exception);
            }
        })
        {
            IsBackground = true,
            Name = name,
            Priority = ThreadPriority.Lowest,
        };
        thread.Start();
        return done.Task;
    }
}
