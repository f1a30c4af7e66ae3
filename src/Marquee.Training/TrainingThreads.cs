using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Marquee.Training;

/// <summary>Threads of a training's own, below everything that serves in the same process.</summary>
/// <remarks>
/// The thread pool answers requests; a part of a training on it keeps those behind it waiting for as long as it takes, whatever
/// its priority. Loops of a training run on the scheduler that it was started on (<see cref="Loop(int, CancellationToken)"/>): on these threads in a
/// node, on the thread pool in a program that does nothing else.
/// </remarks>
public sealed class TrainingThreads : TaskScheduler
{
    /// <summary>Gets about a tenth of a processor that serving wants too. Less, and a collection of garbage waits for these threads to reach a safe point.</summary>
    private const int Niceness = 10;

    private const int OfThread = 0;

    [ThreadStatic]
    private static TrainingThreads? _own;

    private readonly BlockingCollection<Task> _queue = [];

    private TrainingThreads(string name)
    {
        for (var i = 0; i < MaximumConcurrencyLevel; i++)
        {
            new Thread(Work) { IsBackground = true, Name = name, Priority = ThreadPriority.Lowest }.Start();
        }
    }

    /// <inheritdoc/>
    public override int MaximumConcurrencyLevel => Environment.ProcessorCount;

    /// <summary>Runs a computation on as many threads as there are processors, which end with it.</summary>
    /// <param name="name">The threads' name.</param>
    /// <param name="compute">The computation.</param>
    /// <returns>Its result, or the exception that it threw. Continuations run elsewhere.</returns>
    public static async Task<T> Run<T>(string name, Func<T> compute)
    {
        var threads = new TrainingThreads(name);
        try
        {
            return await Task.Factory
                .StartNew(compute, CancellationToken.None, TaskCreationOptions.RunContinuationsAsynchronously, threads)
                .ConfigureAwait(false);
        }
        finally
        {
            threads._queue.CompleteAdding();
        }
    }

    /// <summary>Options of a loop that runs on the threads of the training that it belongs to.</summary>
    /// <param name="parallelism">At most so many parts at a time.</param>
    /// <param name="cancellation">Stops the loop.</param>
    internal static ParallelOptions Loop(int parallelism, CancellationToken cancellation)
    {
#pragma warning disable RS0030 // The one place: without a scheduler, the options are for the current one.
        return new ParallelOptions { MaxDegreeOfParallelism = parallelism, CancellationToken = cancellation, TaskScheduler = null };
#pragma warning restore RS0030
    }

    /// <inheritdoc cref="Loop(int, CancellationToken)"/>
    internal static ParallelOptions Loop(CancellationToken cancellation = default) => Loop(Environment.ProcessorCount, cancellation);

    /// <inheritdoc/>
    protected override void QueueTask(Task task) => _queue.Add(task);

    /// <inheritdoc/>
    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => ReferenceEquals(_own, this) && TryExecuteTask(task);

    /// <inheritdoc/>
    protected override IEnumerable<Task> GetScheduledTasks() => _queue.ToArray();

    private void Work()
    {
        _own = this;
        if (OperatingSystem.IsLinux())
        {
            // Linux has no priorities of threads that share a processor by time, but a niceness for each. Refused, the threads run like any others.
            _ = SetPriority(OfThread, 0, Niceness);
        }

        foreach (var task in _queue.GetConsumingEnumerable())
        {
            TryExecuteTask(task);
        }
    }

    [DllImport("libc", EntryPoint = "setpriority")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetPriority(int which, uint who, int niceness);
}
